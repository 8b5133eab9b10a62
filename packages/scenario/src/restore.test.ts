import { describe, expect, it } from 'vitest';
import { preset, presets, restore, restoreData } from './index.ts';

const SMALL = `version: 1
name: small
title: A small one
networks:
  - name: lan
    prefix: 192.168.1.0/24
hosts:
  - name: client
    role: client
    interfaces: [{ name: eth0, network: lan, addresses: [192.168.1.10/24] }]
`;

const problemsOf = (text: string): string[] => {
  const result = restore(text);
  if (result.ok) return [];
  return result.problems.map((p) => `${p.line}:${p.column} ${p.path}: found ${p.found}, wanted ${p.wanted}`);
};

describe('a scenario document', () => {
  it('is completed with defaults', () => {
    const result = restore(SMALL);
    expect(result.ok && result.scenario.networks[0]?.mtu).toBe(1500);
    expect(result.ok && result.scenario.hosts[0]?.kernel).toBe('6.1');
    expect(result.ok && result.scenario.title).toEqual({ en: 'A small one', zh: 'A small one' });
  });

  it('is read the same from JSON as from YAML', () => {
    const result = restore(SMALL);
    expect(result.ok).toBe(true);
    if (result.ok) expect(restore(JSON.stringify(result.scenario))).toEqual(result);
  });

  it('of every preset survives being written and read back', () => {
    for (const { id } of presets()) {
      const scenario = preset(id);
      expect(restoreData(JSON.parse(JSON.stringify(scenario))), id).toEqual({ ok: true, scenario });
    }
  });

  it('with a misspelt key is refused at the key, not silently shortened', () => {
    expect(problemsOf(`${SMALL}timelines: []\n`)).toEqual([
      '11:1 timelines: found the key timelines, wanted only the keys that the scenario format knows',
    ]);
  });

  it('with a role that does not exist is told which do', () => {
    expect(problemsOf(SMALL.replace('role: client', 'role: clint'))).toEqual([
      '9:11 hosts[0].role: found "clint", wanted one of client, router, director, realserver',
    ]);
  });

  it('with a cable to no network is told which networks there are', () => {
    expect(problemsOf(SMALL.replace('network: lan', 'network: wan'))).toEqual([
      '10:41 hosts[0].interfaces[0].network: found "wan", wanted a network: lan',
    ]);
  });

  it('with an address outside its network names the network', () => {
    expect(problemsOf(SMALL.replace('192.168.1.10/24', '10.0.0.1/24'))).toEqual([
      '10:58 hosts[0].interfaces[0].addresses[0]: ' +
        'found "10.0.0.1/24", wanted an address in 192.168.1.0/24 (lan)',
    ]);
  });

  it('with a remedy on a host that is not there is told which are', () => {
    const remedies = `remedies: [{ title: Cure, commands: [{ on: rs9, run: 'ip link' }] }]\n`;
    expect(problemsOf(SMALL + remedies)).toEqual([
      '11:44 remedies[0].commands[0].on: found "rs9", wanted a host: client',
    ]);
  });

  it('of a newer version says that LVScope is too old', () => {
    expect(problemsOf(SMALL.replace('version: 1', 'version: 7'))).toEqual([
      '1:10 version: found 7, wanted 1 (the document was made by a newer LVScope: update this one)',
    ]);
  });

  it('that is broken YAML names line and column', () => {
    expect(problemsOf('version: 1\nname: [a\n')[0]).toMatch(/^3:1 /);
  });

  it('that is a binary file, or far too large, is refused at once', () => {
    expect(problemsOf('\u007fELF\0\0')[0]).toContain('NUL');
    expect(problemsOf('x'.repeat(50_000_000))[0]).toContain('at most 5000000 characters');
  });
});

describe('presets', () => {
  it('bear names of their own and both languages', () => {
    const list = presets();
    expect(new Set(list.map((entry) => entry.id)).size).toBe(list.length);
    for (const { id, title, lesson } of list) {
      for (const text of [title.en, title.zh, lesson.en, lesson.zh]) expect(text, id).not.toBe('');
    }
  });

  it('begin with the pitfall of the one machine and -p', () => {
    expect(presets()[0]?.id).toBe('stress-one-source');
    expect(preset('stress-one-source')?.hosts.find((host) => host.role === 'director')?.rules).toContain(
      '-p 300',
    );
  });
});
