import { TCP_ACK, TCP_SYN } from '@lvscope/inet';
import { describe, expect, it } from 'vitest';
import { alone } from '../frame.ts';
import { frame, ip, packet, question, RS2 } from '../testing/records.ts';
import { parseFilter, passes } from './filter.ts';

const SYN = alone(frame(packet(), { index: 4010 }));
const SYN_ACK = alone(frame(packet({ flags: TCP_SYN | TCP_ACK, sourcePort: 80, destinationPort: 41877 })));
const ENVELOPE = alone(frame(packet({ outerSource: ip('192.168.1.2'), outerDestination: ip(RS2) })));
const ARP = alone(question());

const FRAMES = { SYN, SYN_ACK, ENVELOPE, ARP };

/** The names of the frames that pass. */
function kept(text: string): string {
  const answer = parseFilter(text);
  if (!answer.ok)
    return `${answer.fault.at} ${answer.fault.found || 'the end'}: wanted ${answer.fault.wanted}`;
  const { filter } = answer;
  return Object.entries(FRAMES)
    .filter(([, one]) => filter === undefined || passes(filter, one))
    .map(([name]) => name)
    .join(' ');
}

describe('the display filter', () => {
  it('lets everything through when it is empty', () => {
    expect(kept('  ')).toBe('SYN SYN_ACK ENVELOPE ARP');
  });

  it('knows protocols, fields, comparisons, and how they are joined', () => {
    expect(kept('arp || tcp.flags.syn == 1 && tcp.flags.ack == 0')).toBe('SYN ENVELOPE ARP');
    expect(kept('(arp or tcp.port eq 80) and not tcp.dstport == 80')).toBe('SYN_ACK ARP');
    expect(kept('!tcp')).toBe('ARP');
    expect(kept('frame.number == 4011')).toBe('SYN');
    expect(kept('ip.ttl < 64 && frame.len >= 94')).toBe('ENVELOPE');
    expect(kept('tcp.port in {22, 80}')).toBe('SYN SYN_ACK ENVELOPE');
    expect(kept('eth.addr == 00:16:3e:00:00:06')).toBe('SYN SYN_ACK ENVELOPE');
    expect(kept('eth.dst == ff-ff-ff-ff-ff-ff')).toBe('ARP');
  });

  it('takes both headers of an envelope for ip.addr, and networks with their prefix', () => {
    expect(kept('ip.addr == 192.168.1.12')).toBe('ENVELOPE');
    expect(kept('ip.dst == 192.168.1.6')).toBe('SYN SYN_ACK ENVELOPE');
    expect(kept('ip.src == 10.1.0.0/16')).toBe('SYN SYN_ACK ENVELOPE');
    expect(kept('ip.addr == 172.16.0.0/12')).toBe('');
  });

  it('asks with != that no value is equal, as Wireshark does since 4.0', () => {
    expect(kept('ip.addr != 192.168.1.12')).toBe('SYN SYN_ACK');
    expect(kept('tcp.port != 80')).toBe('');
  });

  it('says where it cannot be read, and what was wanted there', () => {
    expect(kept('tcp.flags.sin == 1')).toBe('0 tcp.flags.sin: wanted field');
    expect(kept('arp || ')).toBe('7 the end: wanted field');
    expect(kept('ip.addr == 192.168.1')).toBe('11 192.168.1: wanted ipv4');
    expect(kept('tcp.port == http')).toBe('12 http: wanted number');
    expect(kept('eth.src == 00:16:3e')).toBe('11 00:16:3e: wanted mac');
    expect(kept('(arp || icmp')).toBe('12 the end: wanted closing');
    expect(kept('arp icmp')).toBe('4 icmp: wanted operator');
    expect(kept('arp == 1')).toBe('4 ==: wanted no-value');
    expect(kept('tcp.port in 80')).toBe('12 80: wanted list');
    expect(kept('tcp.port in {80')).toBe('15 the end: wanted closing');
  });
});
