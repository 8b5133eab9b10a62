import { parseFilter } from '@lvscope/capture';
import { describe, expect, it } from 'vitest';
import { createDesk } from '../worker/desk.ts';
import type { Cursor } from '../worker/api.ts';
import { ENVELOPE, REPLY } from './flights.ts';
import { createListing, updateListing } from './listing.ts';
import { createFrameLog, type FrameLog, flowAt, frameAt, frameBefore, takeFrames } from './log.ts';
import { routeOf } from './route.ts';

const FIRST_SYN = 'tcp.flags.syn == 1 && tcp.flags.ack == 0';

/** A log of the first moments of a preset, frame by frame. */
async function logOf(id: string, seconds: number): Promise<FrameLog> {
  let ms = 0;
  const desk = createDesk(() => (ms += 0.1));
  const answer = await desk.load({ kind: 'preset', id, detail: 'packet' });
  if (!answer.ok) throw new Error(`${id} cannot be loaded`);
  const log = createFrameLog();
  for (let reached = false; !reached; ) {
    const cursor: Cursor = {
      epoch: log.next === 0 ? -1 : 1,
      seriesRows: 0,
      seriesStepSeconds: 0,
      commands: 0,
      openCommands: [],
      decided: {},
      frame: log.next,
      reason: log.nextReason,
    };
    const looks = { asks: [], terminals: [] };
    const batch = await desk.pull({ targetNs: seconds * 1e9, budgetMs: 5, cursor, ...looks });
    if (batch.frames !== undefined) takeFrames(log, batch.frames, answer.scenario);
    reached = batch.reached;
  }
  return log;
}

function listed(log: FrameLog, text: string, at = ''): readonly number[] {
  const answer = parseFilter(text);
  if (!answer.ok) throw new Error(text);
  return updateListing(createListing(), log, { at, filter: answer.filter, flow: undefined });
}

describe('the log of frames', () => {
  it('lists each frame once, where it leaves; at an interface also what comes in', async () => {
    const log = await logOf('three-methods', 0.2);
    const everywhere = listed(log, FIRST_SYN);
    expect(new Set(everywhere.map((index) => frameAt(log, index)?.record.direction))).toEqual(
      new Set(['out']),
    );
    const atDirector = listed(log, 'tcp', 'd1').map((index) => frameAt(log, index)?.record.direction);
    expect(new Set(atDirector)).toEqual(new Set(['in', 'out']));
  });

  it('finds how a packet came into the host that sent it on', async () => {
    const log = await logOf('three-methods', 0.2);
    const [first] = listed(
      log,
      'tcp.flags.syn == 1 && tcp.flags.ack == 0 && ip.dst == 172.16.0.13',
      'd1:eth1',
    );
    const frame = first === undefined ? undefined : frameAt(log, first);
    const before = frame && frameBefore(log, frame);
    expect(frame?.record.journey).toBe(before?.record.journey);
    expect([before?.record.direction, before?.record.ip?.ttl]).toEqual([
      'in',
      (frame?.record.ip?.ttl ?? 0) + 1,
    ]);
  });

  it('shows the route that a connection took: a tunnel’s way back does not pass the director', async () => {
    const log = await logOf('three-methods', 0.3);
    const [envelope] = listed(log, 'ip.proto == 4');
    const legs = routeOf(log, flowAt(log, envelope ?? -1)).map(({ from, to, reply, envelope: wrapped }) => {
      const ends = [from, to].map((id) => log.plugs.byId.get(id)?.host).join('→');
      return `${ends}${reply ? ' reply' : ''}${wrapped ? ' IPIP' : ''}`;
    });
    expect(legs).toEqual([
      'client→router',
      'router→d1',
      'd1→router IPIP',
      'router→rs2 IPIP',
      'rs2→router reply',
      'router→client reply',
    ]);
  });

  it('gives a connection its server’s colour once the director has chosen, not before', async () => {
    const log = await logOf('stress-one-source', 0.2);
    const syns = listed(log, FIRST_SYN).slice(0, 200);
    const flow = flowAt(log, syns[0] ?? -1);
    const servers = syns.filter((index) => flowAt(log, index) === flow).map((index) => log.server[index]);
    expect(servers).toEqual([-1, -1, 3]);
    const answer = listed(log, 'tcp.flags.syn == 1 && tcp.flags.ack == 1')[0] ?? -1;
    expect((log.look[answer] ?? 0) & (REPLY | ENVELOPE)).toBe(REPLY);
  });
});
