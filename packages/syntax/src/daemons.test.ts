import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseHaCf, parseHaResources, printHaCf, printHaResources } from './heartbeat.ts';
import { parseKeepalived } from './keepalived.ts';
import { printKeepalived } from './keepalived-print.ts';
import { parseLdirectord, printLdirectord } from './ldirectord.ts';
import { parseLvsCf, printLvsCf } from './lvs-cf.ts';

const KEEPALIVED = `! Configuration File for keepalived
global_defs {
   notification_email {
     root@localhost
   }
   router_id LVS_1
   vrrp_garp_master_refresh 60
}
vrrp_sync_group VG1 {
   group {
      VI_1
   }
}
vrrp_instance VI_1 {
    state MASTER            # at first
    interface eth0
    virtual_router_id 51
    priority 150
    advert_int 1
    authentication {
        auth_type PASS
        auth_pass 1111
    }
    virtual_ipaddress {
        192.168.1.6/24 dev eth0
    }
}
virtual_server 192.168.1.6 80
{
    delay_loop 6
    lb_algo wlc
    lb_kind DR
    persistence_timeout
    protocol TCP
    sorry_server 192.168.1.20 80
    real_server 192.168.1.11 80 {
        weight 3
        inhibit_on_failure
        TCP_CHECK {
            connect_timeout 3
        }
    }
    real_server 192.168.1.12 80 {
        HTTP_GET {
            url {
              path "/index html"
              status_code 200
            }
        }
    }
}
`;

test('keepalived.conf as operators have it is read block by block', () => {
  const { config, warnings } = parseKeepalived(KEEPALIVED);
  expect(warnings).toEqual([]);
  expect(config.globals).toEqual({ router_id: 'LVS_1', vrrp_garp_master_refresh: 60 });
  expect(config.syncGroups).toEqual([{ name: 'VG1', members: ['VI_1'] }]);
  expect(config.instances[0]).toMatchObject({
    name: 'VI_1',
    settings: { state: 'MASTER', interface: 'eth0', virtual_router_id: 51, priority: 150, advert_int: 1 },
    addresses: ['192.168.1.6/24 dev eth0'],
  });
  const [server] = config.virtualServers;
  expect(server).toMatchObject({
    key: ['192.168.1.6', '80'],
    settings: { delay_loop: 6, lb_algo: 'wlc', persistence_timeout: 360 },
    sorryServer: { address: '192.168.1.20', port: 80 },
  });
  expect(server!.realServers.map((real) => real.checks[0])).toEqual([
    { kind: 'TCP_CHECK', settings: { connect_timeout: 3 }, urls: [] },
    { kind: 'HTTP_GET', settings: {}, urls: [{ path: '/index html', status_code: 200 }] },
  ]);
});

test('keepalived names an unknown keyword and goes on', () => {
  const text = 'vrrp_instance A {\n    prioritty 100\n    priority high\n    state BACKUP\n}\nvirtual_ip 1\n';
  const { config, warnings } = parseKeepalived(text);
  expect(warnings).toEqual([
    { line: 2, column: 5, text: "Unknown keyword 'prioritty'" },
    { line: 3, column: 14, text: "priority 'high' is not a valid number" },
    { line: 6, column: 1, text: "Unknown keyword 'virtual_ip'" },
  ]);
  expect(config.instances[0]?.settings).toEqual({ state: 'BACKUP' });
});

test('a brace that is missing is said, and what stands before it counts', () => {
  const { config, warnings } = parseKeepalived('vrrp_instance A {\n  priority 100\n');
  expect(warnings).toHaveLength(1);
  expect(config.instances[0]?.settings.priority).toBe(100);
});

test('ha.cf has seconds and milliseconds; warntime is half of deadtime where it is not given', () => {
  const { config, warnings } = parseHaCf(
    'keepalive 500ms\ndeadtime 10\ninitdead 20\nauto_failback off\nbcast eth0\nnode d1 d2\nnoode d3\n',
  );
  expect(config).toMatchObject({
    keepaliveMs: 500,
    deadtimeMs: 10_000,
    warntimeMs: 5000,
    initdeadMs: 20_000,
    autoFailback: false,
    bcast: ['eth0'],
    nodes: ['d1', 'd2'],
  });
  expect(warnings).toEqual([{ line: 7, column: 1, text: 'Illegal directive [noode] in /etc/ha.d/ha.cf' }]);
});

test('haresources: an address alone is IPaddr, :: parts arguments', () => {
  expect(
    parseHaResources('d1 192.168.1.6/24/eth0 send_arp::192.168.1.6 ldirectord::ldirectord.cf\n'),
  ).toEqual([
    {
      node: 'd1',
      resources: [
        { script: 'IPaddr', args: ['192.168.1.6/24/eth0'] },
        { script: 'send_arp', args: ['192.168.1.6'] },
        { script: 'ldirectord', args: ['ldirectord.cf'] },
      ],
    },
  ]);
});

const LDIRECTORD = `# Global Directives
checktimeout=3
checkinterval=1
quiescent=no
virtual=192.168.1.6:80
\treal=192.168.1.11:80 gate
\treal=192.168.1.12->192.168.1.13:80 gate 5 "alive.html", "OK"
\tfallback=127.0.0.1:80 gate
\tservice=http
\tscheduler=wlc
\tchecktype=negotiate
`;

test('ldirectord.cf: a range of servers is written as one', () => {
  const { config, warnings } = parseLdirectord(LDIRECTORD);
  expect(warnings).toEqual([]);
  expect(config.settings).toEqual({ checktimeout: '3', checkinterval: '1', quiescent: 'no' });
  expect(config.virtuals[0]!.reals.map(({ address, weight, request }) => [address, weight, request])).toEqual(
    [
      ['192.168.1.11', 1, undefined],
      ['192.168.1.12', 5, 'alive.html'],
      ['192.168.1.13', 5, 'alive.html'],
    ],
  );
});

test('ldirectord names the line that it does not know', () => {
  expect(parseLdirectord('checkintervall=1\nvirtual=10.0.0.1:80\n\treal=10.0.0.2 direct\n').warnings).toEqual(
    [
      { line: 1, column: 1, text: 'Error [Unknown command]: checkintervall=1' },
      { line: 3, column: 2, text: 'Error [invalid address for real server]: real=10.0.0.2 direct' },
    ],
  );
});

const LVS_CF = `serial_no = 42
primary = 192.168.1.2
backup = 192.168.1.3
backup_active = 1
heartbeat = 1
keepalive = 6
deadtime = 18
network = direct
virtual web {
     active = 1
     address = 192.168.1.6 eth0:1
     port = 80
     send = "GET / HTTP/1.0\\r\\n\\r\\n"
     expect = "HTTP"
     scheduler = wlc
     server rs1 {
         address = 192.168.1.11
         active = 1
         weight = 1
     }
}
`;

test("Piranha's lvs.cf: assignments, virtual servers and their real servers", () => {
  const { config, warnings } = parseLvsCf(LVS_CF);
  expect(warnings).toEqual([]);
  expect(config.settings['deadtime']).toBe('18');
  expect(config.virtuals[0]).toMatchObject({
    name: 'web',
    settings: { address: '192.168.1.6 eth0:1', send: 'GET / HTTP/1.0\\r\\n\\r\\n' },
    servers: [{ name: 'rs1', settings: { address: '192.168.1.11', weight: '1' } }],
  });
});

test('what is printed reads back the same', () => {
  const { config } = parseKeepalived(KEEPALIVED);
  expect(parseKeepalived(printKeepalived(config)).config).toEqual(config);
  const ldirectord = parseLdirectord(LDIRECTORD).config;
  expect(parseLdirectord(printLdirectord(ldirectord)).config).toEqual(ldirectord);
  const piranha = parseLvsCf(LVS_CF).config;
  expect(parseLvsCf(printLvsCf(piranha)).config).toEqual(piranha);
});

const word = fc.stringMatching(/^[a-z][a-z0-9_.]{0,9}$/);
const quad = fc.ipV4();

test('any heartbeat configuration reads back as printed', () => {
  const times = fc.integer({ min: 1, max: 600_000 });
  const config = fc.record({
    keepaliveMs: times,
    deadtimeMs: times,
    warntimeMs: times,
    initdeadMs: times,
    udpPort: fc.integer({ min: 1, max: 65_535 }),
    autoFailback: fc.boolean(),
    bcast: fc.array(word, { maxLength: 2 }),
    ucast: fc.array(fc.record({ interface: word, address: quad }), { maxLength: 2 }),
    mcast: fc.array(fc.record({ interface: word, group: quad }), { maxLength: 2 }),
    nodes: fc.array(word, { maxLength: 3 }),
  });
  fc.assert(
    fc.property(config, (c) => {
      expect(parseHaCf(printHaCf(c))).toEqual({ config: c, warnings: [] });
    }),
  );
  const groups = fc.array(
    fc.record({ node: word, resources: fc.array(fc.record({ script: word, args: fc.array(word) })) }),
  );
  fc.assert(
    fc.property(groups, (g) => {
      expect(parseHaResources(printHaResources(g))).toEqual(g);
    }),
  );
});

test('any VRRP instances and virtual servers read back as printed', () => {
  const instance = fc.record({
    name: word,
    settings: fc.record({
      priority: fc.integer({ min: 1, max: 255 }),
      nopreempt: fc.boolean(),
      state: fc.constantFrom('MASTER', 'BACKUP'),
      advert_int: fc.integer({ min: 1, max: 40 }),
    }),
    addresses: fc.array(quad),
    unicastPeers: fc.array(quad),
    trackInterfaces: fc.array(word),
  });
  const check = fc.record({
    kind: fc.constantFrom('TCP_CHECK' as const, 'HTTP_GET' as const, 'MISC_CHECK' as const),
    settings: fc.record({ retry: fc.nat(9), misc_path: fc.constantFrom('/bin/true', '/bin/check a b') }),
    urls: fc.array(fc.record({ path: fc.constantFrom('/', '/a b') })),
  });
  const server = fc.record({
    key: fc.tuple(quad, fc.constant('80')),
    settings: fc.record({
      delay_loop: fc.nat(60),
      lb_algo: fc.constantFrom('rr', 'wlc'),
      alpha: fc.boolean(),
    }),
    sorryServer: fc.option(fc.record({ address: quad, port: fc.nat(65_535) }), { nil: undefined }),
    realServers: fc.array(
      fc.record({
        address: quad,
        port: fc.nat(65_535),
        settings: fc.record({ weight: fc.nat(9) }),
        checks: fc.array(check),
      }),
    ),
  });
  const config = fc.record({
    globals: fc.constant({}),
    instances: fc.array(instance),
    syncGroups: fc.array(fc.record({ name: word, members: fc.array(word, { minLength: 1 }) })),
    serverGroups: fc.array(fc.record({ name: word, entries: fc.array(quad) })),
    virtualServers: fc.array(server),
  });
  fc.assert(
    fc.property(config, (c) => {
      expect(parseKeepalived(printKeepalived(c))).toEqual({ config: c, warnings: [] });
    }),
  );
});

test('no text makes a reader throw', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 200, unit: fc.constantFrom(...'{}"#!=\n\t ab1.:->'.split('')) }),
      (text) => {
        parseKeepalived(text);
        parseLvsCf(text);
        parseLdirectord(text);
        parseHaCf(text);
        parseHaResources(text);
      },
    ),
  );
});
