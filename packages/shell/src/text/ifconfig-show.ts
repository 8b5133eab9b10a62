import { interfaceCounters } from '@lvscope/cluster';
import type { NetInterface, World } from '@lvscope/cluster';
import { formatIpv4, ipv4, netmask } from '@lvscope/inet';
import { addressesOf, isArpOff, macOf } from './ip-links.ts';

/** Flags of an interface (net/if.h), in the order in which ifconfig names them. */
const FLAGS: readonly (readonly [bit: number, name: string])[] = [
  [0x1, 'UP'],
  [0x2, 'BROADCAST'],
  [0x8, 'LOOPBACK'],
  [0x40, 'RUNNING'],
  [0x80, 'NOARP'],
  [0x1000, 'MULTICAST'],
];

function flagsOf(world: World, nic: NetInterface): number {
  const tunnel = nic.name.startsWith('tun');
  const kind = nic.name === 'lo' ? 0x8 : tunnel ? 0x80 : nic.segment < 0 ? 0x82 : 0x1002;
  const arpOff = nic.segment >= 0 && isArpOff(world, nic) ? 0x80 : 0;
  return kind | arpOff | (nic.up ? 0x41 : 0);
}

/** One interface, or one alias of it, as net-tools 2.10 shows it. */
export function showInterface(world: World, nic: NetInterface, label: string): string {
  const flags = flagsOf(world, nic);
  const names = FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
  const alias = label !== nic.name;
  const head = `${label}: flags=${flags}<${names.join(',')}>  mtu ${nic.mtu}\n`;
  const address = addressesOf(nic).find((one) => (alias ? one.label === label : one.label === undefined));
  return `${head}${inetLine(nic, address)}${hardwareLine(nic)}${alias ? '' : countersOf(world, nic)}\n`;
}

function inetLine(nic: NetInterface, one: NetInterface['addresses'][number] | undefined): string {
  if (one === undefined) return '';
  const mask = netmask(one.prefixLength) >>> 0;
  const text = `        inet ${formatIpv4(one.address)}  netmask ${formatIpv4(ipv4(mask))}`;
  if (nic.segment < 0) return `${text}\n`;
  return `${text}  broadcast ${formatIpv4(ipv4((one.address | ~mask) >>> 0))}\n`;
}

function hardwareLine(nic: NetInterface): string {
  if (nic.name === 'lo') return '        loop  txqueuelen 1000  (Local Loopback)\n';
  if (nic.name.startsWith('tun')) return '        tunnel   txqueuelen 1000  (IPIP Tunnel)\n';
  return `        ether ${macOf(nic)}  txqueuelen 1000  (Ethernet)\n`;
}

/** net-tools interface.c: bytes in words, cut off behind one decimal. */
function inWords(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${(Math.floor(size * 10) / 10).toFixed(1)} ${units[unit] ?? ''}`;
}

function countersOf(world: World, nic: NetInterface): string {
  const { droppedPackets } = nic;
  const { receivedPackets, receivedBytes, sentPackets, sentBytes } = interfaceCounters(world.net, nic);
  return (
    `        RX packets ${receivedPackets}  bytes ${receivedBytes} (${inWords(receivedBytes)})\n` +
    '        RX errors 0  dropped 0  overruns 0  frame 0\n' +
    `        TX packets ${sentPackets}  bytes ${sentBytes} (${inWords(sentBytes)})\n` +
    `        TX errors 0  dropped ${droppedPackets} overruns 0  carrier 0  collisions 0\n`
  );
}

/** `ifconfig -s`, `netstat -i` */
export function shortList(world: World, interfaces: readonly NetInterface[]): string {
  const header = 'Iface      MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n';
  const rows = interfaces.map((nic) => {
    const letters = nic.name === 'lo' ? 'LRU' : nic.segment < 0 ? 'ORU' : 'BMRU';
    const { receivedPackets, sentPackets } = interfaceCounters(world.net, nic);
    const received = `${String(receivedPackets).padStart(8)}      0      0 0     `;
    const dropped = String(nic.droppedPackets).padStart(6);
    const sent = `${String(sentPackets).padStart(8)}      0 ${dropped}      0`;
    return `${nic.name.padEnd(14)} ${String(nic.mtu).padStart(6)} ${received} ${sent} ${letters}\n`;
  });
  return header + rows.join('');
}
