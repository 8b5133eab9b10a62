import { describe, expect, it } from 'vitest';
import { complete, inColumns, type Vocabulary } from './complete.ts';

const HOST: Vocabulary = {
  programs: ['ip', 'iptables', 'ipvsadm', 'ipvsadm-save', 'sysctl', 'watch'],
  words: ['192.168.1.6', '192.168.1.6:80', '192.168.1.11', 'eth0'],
  sysctls: ['net.ipv4.conf.all.arp_ignore', 'net.ipv4.conf.all.arp_announce', 'net.ipv4.ip_forward'],
  files: ['/proc/net/ip_vs', '/proc/net/ip_vs_conn', '/proc/sys/net/ipv4/ip_forward'],
};

const after = (before: string): string => before + complete(before, HOST).insert;

describe('Tab', () => {
  it('completes the name of a program as far as it is certain, and lists the rest', () => {
    expect(after('ipv')).toBe('ipvsadm');
    expect(complete('ipvsadm', HOST).choices).toEqual(['ipvsadm', 'ipvsadm-save']);
    expect(after('sy')).toBe('sysctl ');
  });

  it('takes another program behind a pipe, a semicolon and watch', () => {
    expect(after('ip addr; sys')).toBe('ip addr; sysctl ');
    expect(after('watch -n1 ipt')).toBe('watch -n1 iptables ');
  });

  it('completes addresses and interfaces as arguments', () => {
    expect(after('ipvsadm -a -t 192.168.1.6')).toBe('ipvsadm -a -t 192.168.1.6');
    expect(after('arping -I e')).toBe('arping -I eth0 ');
    expect(complete('ping 192.168.1.', HOST).choices).toHaveLength(3);
  });

  it('completes sysctls by name and files by directory', () => {
    expect(after('sysctl -w net.ipv4.i')).toBe('sysctl -w net.ipv4.ip_forward ');
    expect(after('cat /proc/s')).toBe('cat /proc/sys/');
    expect(after('echo 1 > /proc/sys/net/ipv4/i')).toBe('echo 1 > /proc/sys/net/ipv4/ip_forward ');
  });

  it('does nothing where nothing fits', () => {
    expect(complete('zzz', HOST)).toEqual({ insert: '', choices: [] });
  });

  it('lists choices in columns, downwards', () => {
    expect(inColumns(['a', 'bb', 'ccc', 'd'], 12)).toBe('a    ccc\nbb   d');
  });
});
