import { haView, type World } from '@lvscope/cluster';
import { formatIpv4 } from '@lvscope/inet';
import { expect, test, vi } from 'vitest';
import { adverts, announced, directors, logged, loggedAt, macOf, on, to, VIP } from '../testing/directors.ts';

vi.setConfig({ testTimeout: 60_000 });

interface VrrpPlan {
  /** Lines of both directors' vrrp_instance, or of one. */
  readonly both?: string;
  readonly d1?: string;
  readonly d2?: string;
  readonly globals?: string;
  readonly priorities?: readonly [number, number];
  readonly state?: readonly [string, string];
  readonly asks?: boolean;
  readonly files?: Record<string, string>;
}

/** keepalived on two directors, 150 against 100, started at time 0. */
function vrrp(plan: VrrpPlan = {}): World {
  const priorities = plan.priorities ?? [150, 100];
  const state = plan.state ?? ['MASTER', 'BACKUP'];
  return directors({
    asks: plan.asks ?? false,
    withRules: true,
    // a router that asks nobody by itself: what it learns, it learns from announcements
    routerCache: { lifetimeSeconds: 14_400, learns: 'all' },
    setup: () => ['systemctl start keepalived'],
    files: (n) => ({
      ...plan.files,
      '/etc/keepalived/keepalived.conf': `global_defs {\n${plan.globals ?? ''}\n}
vrrp_instance VI_1 {
    state ${state[n - 1]}
    interface eth0
    virtual_router_id 51
    priority ${priorities[n - 1]}
${plan.both ?? ''}
${(n === 1 ? plan.d1 : plan.d2) ?? ''}
    virtual_ipaddress {
        ${VIP}/32 dev eth0
    }
}
`,
    }),
  });
}

const holders = (world: World): readonly string[] => haView(world).addresses[0]?.holders ?? [];
const roleOf = (world: World, host: string): string | undefined =>
  haView(world).daemons.find((one) => one.host === host)?.role;

/** From a host's last advert to the other's take-over, in seconds, when the first loses its power then. */
function detection(world: World, at: number): number {
  to(world, at);
  on(world, 'd1', 'poweroff');
  to(world, at + 10);
  const last = adverts(world, 'd1').at(-1)!.at;
  return loggedAt(world, 'd2', 'keepalived', /Entering MASTER/).find((one) => one > last)! - last;
}

/** What tcpdump on rs1 makes of the next advertisement. */
function advertText(world: World, seconds: number): string {
  const at = world.commands.length;
  on(world, 'rs1', 'tcpdump -t -n -i eth0 -c 1 vrrp');
  to(world, seconds);
  return world.commands[at]!.out;
}

test('scripts are run at each change of state, once the addresses are where they belong', () => {
  const script = '/etc/keepalived/told.sh';
  const world = vrrp({
    both: `notify_master "ip addr del ${VIP}/32 dev lo"\nnotify_backup "ip addr add ${VIP}/32 dev lo"
notify_stop "/bin/echo stopped >> /tmp/told"\nnotify ${script}`,
    files: {
      [script]: '#!/bin/sh\necho $1 $2 $3 $4 >> /tmp/told; ip a | grep -c 192.168.1.6/ >> /tmp/told\n',
    },
  });
  const told = (host: string): string => world.files.get(`${host} /tmp/told`) ?? '';
  const onLo = (host: string): boolean =>
    world.net.hostByName
      .get(host)!
      .interfaces[0]!.addresses.some(({ address }) => formatIpv4(address) === VIP);
  to(world, 10);
  expect(told('d1')).toBe('INSTANCE VI_1 BACKUP 150\n1\nINSTANCE VI_1 MASTER 150\n1\n');
  expect([onLo('d1'), onLo('d2')]).toEqual([false, true]);
  on(world, 'd1', 'systemctl stop keepalived');
  to(world, 20);
  expect(told('d1')).toMatch(/stopped\nINSTANCE VI_1 STOP 150\n0\n$/);
  expect(told('d2')).toBe('INSTANCE VI_1 BACKUP 100\n1\nINSTANCE VI_1 MASTER 100\n1\n');
  expect(onLo('d2')).toBe(false);
});

/** The wire and both kernels take less than that. */
const WIRE = 0.001;

test('version 2: the master is dead after three intervals and (256 − priority)/256 s', () => {
  const world = vrrp();
  const found = detection(world, 12.5);
  const from = adverts(world, 'd1').map(({ at }) => at);
  for (let i = 1; i < from.length; i++) expect(from[i]! - from[i - 1]!).toBeCloseTo(1, 6);
  expect(Math.abs(found - (3 + 156 / 256))).toBeLessThan(WIRE);
});

test('version 3: intervals are hundredths of a second, and so is the skew of the master’s interval', () => {
  const world = vrrp({ both: 'version 3\nadvert_int 0.29' });
  expect(advertText(world, 5)).toContain(
    'IP 192.168.1.2 > 224.0.0.18: VRRPv3, Advertisement, vrid 51, prio 150, intvl 29cs, length 12\n',
  );
  expect(Math.abs(detection(world, 12.5) - 0.29 * (3 + 156 / 256))).toBeLessThan(WIRE);
});

test('version 2 is on the wire with whole seconds: a fraction is rounded', () => {
  const world = vrrp({ both: 'advert_int 1.6' });
  expect(advertText(world, 12)).toContain('vrid 51, prio 150, authtype none, intvl 2s, length 20\n');
});

test('version 3 heeds the master’s interval, version 2 drops an advert with another than its own', () => {
  const heeds = vrrp({ globals: 'vrrp_version 3', d1: 'advert_int 0.5', d2: 'advert_int 4' });
  expect(Math.abs(detection(heeds, 20) - 0.5 * (3 + 156 / 256))).toBeLessThan(WIRE);
  const drops = vrrp({ d1: 'advert_int 1', d2: 'advert_int 2' });
  to(drops, 20);
  expect(holders(drops)).toEqual(['d1', 'd2']);
  expect(logged(drops, 'd2', 'keepalived')).toContain(
    "(VI_1) advertisement interval mismatch mine=2 sec rcv'd=1 sec",
  );
});

test('two versions do not understand each other: both become master', () => {
  const world = vrrp({ d2: 'version 3' });
  to(world, 20);
  expect(holders(world)).toEqual(['d1', 'd2']);
});

test('state MASTER waits an interval for a better one; the owner of the address (255) does not', () => {
  const waits = vrrp({ both: 'advert_int 3' });
  to(waits, 20);
  expect(loggedAt(waits, 'd1', 'keepalived', /Entering MASTER/)[0]).toBeCloseTo(3 + 1 / 256, 6);
  const owner = vrrp({ both: 'advert_int 3', priorities: [255, 100] });
  to(owner, 0.1);
  expect(holders(owner)).toEqual(['d1']);
});

test('of equal priorities the higher address stays master', () => {
  const world = vrrp({ priorities: [100, 100], state: ['MASTER', 'MASTER'] });
  to(world, 20);
  expect(holders(world)).toEqual(['d2']);
});

/** The master is stopped at 10 s and started again at 20 s. */
function comesBack(plan: VrrpPlan, seconds: number): World {
  const world = vrrp(plan);
  to(world, 10);
  on(world, 'd1', 'systemctl stop keepalived');
  to(world, 20);
  expect(holders(world)).toEqual(['d2']);
  on(world, 'd1', 'systemctl start keepalived');
  to(world, seconds);
  return world;
}

test('a higher priority that comes back preempts; with nopreempt it stays backup', () => {
  expect(holders(comesBack({ state: ['BACKUP', 'BACKUP'] }, 30))).toEqual(['d1']);
  const stays = comesBack({ state: ['BACKUP', 'BACKUP'], d1: 'nopreempt' }, 60);
  expect([holders(stays), roleOf(stays, 'd1')]).toEqual([['d2'], 'BACKUP']);
  on(stays, 'd2', 'poweroff');
  to(stays, 64);
  expect(holders(stays)).toEqual(['d1']);
});

test('preempt_delay counts from the first advert of lower priority', () => {
  const world = comesBack({ state: ['BACKUP', 'BACKUP'], d1: 'preempt_delay 20' }, 39);
  expect(holders(world)).toEqual(['d2']);
  expect(logged(world, 'd1', 'keepalived', 20)).toContain('(VI_1) start preempt delay (20.000000)');
  to(world, 46);
  expect(holders(world)).toEqual(['d1']);
});

test('a stopped master says so with priority 0: the backup waits for its skew only', () => {
  const world = vrrp();
  to(world, 10);
  on(world, 'd1', 'systemctl stop keepalived');
  to(world, 12);
  const [taken] = loggedAt(world, 'd2', 'keepalived', /Entering MASTER/);
  expect(Math.abs(taken! - (10 + 156 / 256))).toBeLessThan(WIRE);
  expect(logged(world, 'd2', 'keepalived')).toContain('(VI_1) Backup received priority 0 advertisement');
});

/** How many gratuitous ARPs d2 sent, second by second after it became master. */
function garps(plan: VrrpPlan, seconds = 40): number[] {
  const world = vrrp(plan);
  to(world, 10);
  on(world, 'd1', 'poweroff');
  to(world, 10 + seconds);
  const taken = loggedAt(world, 'd2', 'keepalived', /Entering MASTER/)[0]!;
  const counts: number[] = [];
  for (const at of announced(world, 'd2')) {
    const second = Math.floor(at - taken + 1e-6);
    counts[second] = (counts[second] ?? 0) + 1;
  }
  return [...counts].map((count) => count ?? 0);
}

test('a new master announces five times at once and five times after five seconds, by request', () => {
  expect(garps({})).toEqual([5, 0, 0, 0, 0, 5]);
  const world = vrrp();
  to(world, 9);
  expect(announced(world, 'd1', 'request')).toHaveLength(10);
  expect(announced(world, 'd1', 'reply')).toHaveLength(0);
});

test('garp_master_repeat, delay, refresh and refresh_repeat are frames on the wire', () => {
  expect(garps({ both: 'garp_master_repeat 2\ngarp_master_delay 3' })).toEqual([2, 0, 0, 2]);
  expect(garps({ both: 'garp_master_delay 0' })).toEqual([5]);
  expect(garps({ both: 'garp_master_repeat 1\ngarp_master_delay 0\ngarp_master_refresh 4' }, 16)).toEqual([
    1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1,
  ]);
  expect(garps({ both: 'garp_master_refresh 6\ngarp_master_refresh_repeat 3' }, 12)).toEqual([
    5, 0, 0, 0, 0, 5, 3,
  ]);
  expect(garps({ globals: 'vrrp_min_garp' })).toEqual([1]);
  expect(garps({ globals: 'vrrp_garp_master_repeat 3', both: 'garp_master_delay 2' })).toEqual([3, 0, 3]);
});

test('with garp_interval an address waits once at most: two announcements of five are left', () => {
  expect(garps({ globals: 'vrrp_garp_interval 0.5' })).toEqual([2, 0, 0, 0, 0, 2]);
});

/** d1 hears adverts of lower priority: how many, and when it says whose the address is from then on. */
function contested(plan: VrrpPlan): { heard: number; said: number[] } {
  const world = vrrp(plan);
  to(world, 8);
  on(world, 'd2', 'iptables -A INPUT -p vrrp -j DROP');
  to(world, 12);
  const [taken] = loggedAt(world, 'd2', 'keepalived', /Entering MASTER/);
  on(world, 'd2', 'iptables -D INPUT -p vrrp -j DROP');
  to(world, 30);
  const heard = loggedAt(world, 'd1', 'keepalived', /Received advert .* with lower priority 100, ours 150/);
  return { heard: heard.length, said: announced(world, 'd1').filter((at) => at >= taken!) };
}

test('a master that hears a lower priority announces at each advert, and once more later', () => {
  const { heard, said } = contested({});
  expect(heard).toBeGreaterThan(0);
  expect(said).toHaveLength(heard * 10);
  const few = contested({ both: 'garp_lower_prio_repeat 2\ngarp_lower_prio_delay 7' });
  expect(few.said).toHaveLength(few.heard * 4);
  expect(few.said.at(-1)! - few.said[2 * few.heard - 1]!).toBeCloseTo(7, 6);
  const never = contested({ both: 'garp_lower_prio_delay 0' });
  expect(never.said).toHaveLength(never.heard * 5);
  expect(contested({ both: 'garp_lower_prio_repeat 0' }).said).toHaveLength(0);
});

const VIRTUAL_MAC = '00:00:5e:00:01:33';

test('with use_vmac adverts and the address come from 00:00:5e:00:01:VRID on whichever is master', () => {
  const world = vrrp({ both: 'use_vmac', asks: true });
  to(world, 10);
  expect(new Set(adverts(world, 'd1').map(({ mac }) => mac))).toEqual(new Set([VIRTUAL_MAC]));
  expect(macOf(world, 'router')).toBe(VIRTUAL_MAC);
  on(world, 'd1', 'poweroff');
  to(world, 30);
  expect(holders(world)).toEqual(['d2']);
  expect(new Set(adverts(world, 'd2').map(({ mac }) => mac))).toEqual(new Set([VIRTUAL_MAC]));
  expect(macOf(world, 'router')).toBe(VIRTUAL_MAC);
});

test('with use_vmac no router has a wrong MAC: without any announcement the outage is the detection', () => {
  const quiet = 'garp_master_repeat 0\ngarp_master_delay 0\nadvert_int 1';
  const outage = (more: string): number => {
    const world = vrrp({ both: `${quiet}\n${more}`, asks: true });
    to(world, 20.5);
    on(world, 'd1', 'poweroff');
    to(world, 60);
    return haView(world).failovers[0]?.outageSeconds ?? 0;
  };
  // the router keeps a MAC for four hours
  expect(outage('')).toBeGreaterThan(35);
  const found = outage('use_vmac');
  expect(found).toBeGreaterThan(2);
  // an advert shows the switch the way; a client may have to send its SYN again
  expect(found).toBeLessThan(8);
});

test('vmac_xmit_base sends adverts from the real MAC, the address keeps the virtual one', () => {
  const world = vrrp({ both: 'use_vmac\nvmac_xmit_base', asks: true });
  to(world, 10);
  expect(adverts(world, 'd1').map(({ mac }) => mac)).not.toContain(VIRTUAL_MAC);
  expect(macOf(world, 'router')).toBe(VIRTUAL_MAC);
});

test('the address belongs to the virtual MAC alone: the real one does not answer for it', () => {
  const world = vrrp({ both: 'use_vmac' });
  to(world, 10);
  const at = world.commands.length;
  on(world, 'rs1', `arping -c 2 -b -I eth0 ${VIP}`);
  to(world, 13);
  const answers = world.commands[at]!.out.match(/\[[0-9A-F:]{17}\]/g);
  expect(new Set(answers)).toEqual(new Set([`[${VIRTUAL_MAC.toUpperCase()}]`]));
});
