import { VIP } from '../topology.ts';
import { DIRECTORS } from '../failover-topology.ts';

/** Heartbeat's two files: its resources, what they need more, and the interface that it is heard on. */
export function heartbeatFiles(
  resources: string,
  more: Readonly<Record<string, string>> = {},
  beats = 'eth0',
) {
  return (): Readonly<Record<string, string>> => ({
    '/etc/ha.d/ha.cf': `# two directors that listen for each other
keepalive 1
deadtime 5
warntime 3
initdead 10
udpport 694
bcast ${beats}
auto_failback on
node d1 d2
`,
    '/etc/ha.d/haresources': `d1 ${resources}\n`,
    ...more,
  });
}

/** keepalived.conf of the n-th director; `more` stands in its vrrp_instance. */
export function keepalivedFiles(more = '', checks = '') {
  return (n: 1 | 2): Readonly<Record<string, string>> => ({
    '/etc/keepalived/keepalived.conf': `! keepalived of d${n}
global_defs {
    router_id d${n}
}

vrrp_instance VI_1 {
    state ${n === 1 ? 'MASTER' : 'BACKUP'}
    interface eth0
    virtual_router_id 51
    priority ${n === 1 ? 150 : 100}
    advert_int 1
${more}    virtual_ipaddress {
        ${VIP}/32 dev eth0
    }
}
${checks}`,
  });
}

/** ldirectord.cf for the classic service, with `head` above it. */
export const ldirectordFile = (head: string, below = ''): string => `${head}virtual=${VIP}:80
\treal=192.168.1.11:80 gate
\treal=192.168.1.12:80 gate
\tservice=http
\tscheduler=rr
\tchecktype=connect
${below}`;

/** Piranha's one file, the same on both directors. */
export const piranhaFiles = (): Readonly<Record<string, string>> => ({
  '/etc/sysconfig/ha/lvs.cf': `serial_no = 1
primary = ${DIRECTORS[1]}
service = lvs
backup_active = 1
backup = ${DIRECTORS[2]}
heartbeat = 1
heartbeat_port = 539
keepalive = 2
deadtime = 6
network = direct
virtual web {
     active = 1
     address = ${VIP} eth0:1
     port = 80
     protocol = tcp
     scheduler = rr
     timeout = 6
     reentry = 15
     quiesce_server = 0
     server rs1 {
         address = 192.168.1.11
         active = 1
         weight = 1
     }
     server rs2 {
         address = 192.168.1.12
         active = 1
         weight = 1
     }
}
`,
});
