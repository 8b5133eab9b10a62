import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CapturedFrame, columns, createConversations, follow } from '@lvscope/capture';
import { advance, createWorld, framesSeen, keepFrames, wiredInterfaces, type World } from '@lvscope/cluster';
import type { SimTime } from '@lvscope/des';
import { preset } from '@lvscope/scenario';
import { programs } from '@lvscope/shell';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { chosenInterfaces, record, saveRecording, startRecording } from './pcapng.ts';

// a capture and two readings of it take seconds on a busy machine
vi.setConfig({ testTimeout: 120_000 });

const folder = mkdtempSync(join(tmpdir(), 'lvscope-'));
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  const { error } = spawnSync('tshark', ['-v']);
  if (error !== undefined) {
    throw new Error('These tests let Wireshark’s own reader judge: install tshark (apt-get install tshark).');
  }
});

/** A preset at packet level. */
function world(id: string): World {
  const scenario = preset(id);
  if (scenario === undefined) throw new Error(`no preset ${id}`);
  const created = createWorld({ ...scenario, detail: 'packet' }, programs);
  if (!created.ok) throw new Error(JSON.stringify(created.faults));
  return created.world;
}

/** Runs a preset and writes what an interface, a host, a network or everybody sees. */
function capture(id: string, seconds: number, at?: string): string {
  const one = world(id);
  const file = join(folder, `${id}-${at ?? 'all'}.pcapng`);
  const recording = startRecording(one, chosenInterfaces(wiredInterfaces(one), at));
  const until = (seconds * 1e9) as SimTime;
  for (let reached = false; !reached; record(recording, one)) {
    reached = advance(one, programs, until, 500).reached;
  }
  expect(saveRecording(recording, file)).toBeGreaterThan(50);
  return file;
}

function tshark(file: string, ...args: readonly string[]): string[] {
  const checks = ['ip', 'tcp', 'udp'].flatMap((one) => ['-o', `${one}.check_checksum:TRUE`]);
  const { stdout } = spawnSync('tshark', ['-n', '-r', file, ...checks, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 27,
  });
  return stdout.split('\n').filter((line) => line !== '');
}

const fields = (...names: readonly string[]): string[] => [
  '-T',
  'fields',
  ...names.flatMap((one) => ['-e', one]),
];

describe('tshark reads what was written', () => {
  it.each(['stress-many-sources', 'three-methods', 'dies-removed'])(
    '%s: nothing is malformed, every checksum is right',
    (id) => {
      const file = capture(id, 0.6);
      expect(tshark(file, '-Y', '_ws.malformed || _ws.expert.severity >= error')).toEqual([]);
      expect(tshark(file, '-Y', 'ip.checksum.status == 0 || tcp.checksum.status == 0')).toEqual([]);
    },
  );

  it('with interface names, true MACs and nanoseconds', () => {
    const file = capture('three-methods', 0.2, 'd1');
    const [first] = tshark(
      file,
      '-Y',
      'arp.opcode == 2',
      ...fields('frame.interface_name', 'eth.src', 'frame.time_epoch'),
    );
    expect(first).toMatch(/^d1:eth0\t02:4c:00:00:[0-9a-f]{2}:[0-9a-f]{2}\t0\.\d{9}$/);
  });

  it('with the reason beside the frame: who was chosen and why, who kept silent and why', () => {
    const comments = tshark(
      capture('stress-many-sources', 0.5),
      '-Y',
      'frame.comment',
      ...fields('frame.comment'),
    );
    expect(comments.some((text) => /^d1 chose rs\d by rr among rs\d weight 1/.test(text))).toBe(true);
    expect(comments).toContain('rs1 does not answer, because of arp_ignore');
  });

  it('with tunnels as packets in packets', () => {
    const file = capture('three-methods', 0.5);
    const [inner] = tshark(file, '-Y', 'ip.proto == 4', ...fields('ip.dst'));
    expect(inner).toMatch(/,192\.168\.1\.6$/);
  });
});

/** The columns that we show of what one interface saw. */
function ourColumns(id: string, seconds: number, label: string): string[] {
  const one = world(id);
  keepFrames(one.net, 100_000);
  advance(one, programs, (seconds * 1e9) as SimTime);
  const nic = wiredInterfaces(one).find((row) => row.label === label);
  const conversations = createConversations();
  return framesSeen(one.net)
    .frames.map((each) => follow(conversations, each))
    .filter(({ record: each }) => each.interfaceId === nic?.id && each.direction !== 'lost')
    .map(line);
}

function line(frame: CapturedFrame): string {
  const { source, destination, protocol, length, info } = columns(frame);
  return [source, destination.replace('Broadcast', 'ff:ff:ff:ff:ff:ff'), protocol, length, info].join('\t');
}

/** What only a reader of one interface may say, who cannot know what went elsewhere. */
const withoutAnalysis = (text: string): string => text.replace(/\[(TCP [^\]]*)\] /g, '');

it.each([
  ['three-methods', 'd1:eth0'],
  ['stress-one-source', 'rs4:eth0'],
  ['dies-removed', 'client:eth0'],
])('the columns of %s at %s are Wireshark’s own, to the letter', (id, label) => {
  const names = ['Source', 'Destination', 'Protocol'].map((one) => `_ws.col.${one}`);
  const theirs = tshark(
    capture(id, 1, label),
    '--disable-protocol',
    'http',
    ...fields(...names, 'frame.len', '_ws.col.Info'),
  );
  expect(ourColumns(id, 1, label).map(withoutAnalysis)).toEqual(theirs.map(withoutAnalysis));
});
