import { describe, expect, it } from 'vitest';
import { importRules, restoreData } from '../index.ts';

const problems = (text: string): string[] => {
  const imported = importRules(text);
  return imported.ok ? [] : imported.problems.map((p) => `${p.line}:${p.column} ${p.found} / ${p.wanted}`);
};

const hostsOf = (text: string): Map<string, string> => {
  const imported = importRules(text);
  if (!imported.ok) throw new Error(JSON.stringify(imported.problems));
  return new Map(
    imported.scenario.hosts.map((host) => [
      host.name,
      [...host.interfaces.flatMap((each) => each.addresses), ...host.routes, ...host.setup].join('; '),
    ]),
  );
};

const DR = `-A -t 192.168.1.6:80 -s wlc -p 300
-a -t 192.168.1.6:80 -r 192.168.1.11:80 -g -w 1
-a -t 192.168.1.6:80 -r 192.168.1.12:80 -g -w 2
`;

describe('importing the output of ipvsadm -Sn', () => {
  it('makes a scenario document that the schema accepts', () => {
    const imported = importRules(DR);
    expect(imported.ok).toBe(true);
    if (imported.ok)
      expect(restoreData(imported.scenario)).toEqual({ ok: true, scenario: imported.scenario });
  });

  it('gives direct-routing servers the VIP on lo and the router as gateway', () => {
    expect(hostsOf(DR).get('rs1')).toContain('192.168.1.11/24; default via 192.168.1.254;');
    expect(hostsOf(DR).get('rs1')).toContain('ip addr add 192.168.1.6/32 dev lo');
  });

  it('gives masquerading servers the director as gateway, in a segment of their own', () => {
    const hosts = hostsOf('-A -t 203.0.113.5:80 -s rr\n-a -t 203.0.113.5:80 -r 10.0.0.7:8080 -m -w 1\n');
    expect(hosts.get('rs1')).toBe('10.0.0.7/24; default via 10.0.0.253');
    expect(hosts.get('director')).toContain('10.0.0.253/24');
  });

  it('gives tunnel servers the VIP on tunl0', () => {
    const hosts = hostsOf('-A -t 203.0.113.5:80 -s rr\n-a -t 203.0.113.5:80 -r 198.51.100.7:80 -i -w 1\n');
    expect(hosts.get('rs1')).toContain('ip addr add 203.0.113.5/32 dev tunl0');
  });

  it('marks the packets of a firewall-mark service and says that their address is made up', () => {
    const text = '-A -f 3 -s dh\n-a -f 3 -r 192.168.1.11:0 -g -w 1\n';
    expect(hostsOf(text).get('director')).toContain('--set-mark 3');
    const imported = importRules(text);
    expect(imported.ok && imported.scenario.assumptions.map((words) => words.en).join()).toContain('Mark 3');
  });

  it('keeps the rules as they were said', () => {
    const imported = importRules(DR);
    const director = imported.ok
      ? imported.scenario.hosts.find((host) => host.role === 'director')
      : undefined;
    expect(director?.rules.replaceAll('ipvsadm ', '')).toBe(DR);
  });

  it('of clients that would live in a server segment chooses other client addresses', () => {
    const imported = importRules('-A -t 10.1.0.5:80 -s rr\n-a -t 10.1.0.5:80 -r 10.1.0.6:80 -g -w 1\n');
    expect(imported.ok && imported.scenario.workloads[0]?.sources.first).toBe('10.99.0.10');
  });

  it('names line and column of a broken rule', () => {
    expect(problems(`${DR}-a -t 192.168.1.6:80 -r 192.168.1.300:80 -g\n`)[0]).toMatch(/^4:25 /);
  });

  it('refuses a server of a service that no rule makes, as ipvsadm would', () => {
    expect(problems('-a -t 192.168.1.6:80 -r 192.168.1.11:80 -g -w 1\n')[0]).toContain('Service not defined');
  });

  it('refuses what holds no rule, binary files and files of 50 MB with a sentence', () => {
    expect(problems('# nothing\n')[0]).toContain('no virtual service');
    expect(problems('\u007fELF\0')[0]).toContain('NUL');
    expect(problems('x'.repeat(50_000_000))[0]).toContain('at most');
  });

  it('takes a thousand servers and refuses six thousand', () => {
    const rules = (n: number): string => {
      const servers = Array.from(
        { length: n },
        (_, i) => `10.${2 + (i >> 14)}.${(i >> 7) & 127}.${1 + (i & 127)}`,
      );
      const lines = servers.map((ip) => `-a -t 192.168.1.6:80 -r ${ip}:80 -g -w 1\n`);
      return `-A -t 192.168.1.6:80 -s rr\n${lines.join('')}`;
    };
    expect(importRules(rules(1000)).ok).toBe(true);
    expect(problems(rules(6000))[0]).toContain('at most 5000');
  });
});
