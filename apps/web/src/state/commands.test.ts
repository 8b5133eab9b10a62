import type { ServerView, ServiceView } from '@lvscope/cluster';
import { describe, expect, it } from 'vitest';
import { serverOf, serviceOf } from '../testing/views.ts';
import { deleteServer, editService, editWeight } from './commands.ts';

const persistent: ServiceView = serviceOf([], { scheduler: 'wlc', persistenceSeconds: 300 });

describe('commands of the chips', () => {
  it('gives every option with -E, because what is left out falls back to its default', () => {
    expect(editService(persistent, { scheduler: 'rr' })).toBe('ipvsadm -E -t 192.168.1.6:80 -s rr -p 300');
  });

  it('removes persistence by leaving -p out', () => {
    expect(editService(persistent, { persistenceSeconds: 0 })).toBe('ipvsadm -E -t 192.168.1.6:80 -s wlc');
  });

  it('writes the netmask only where it is not the single client', () => {
    expect(editService(persistent, { netmask: '255.255.255.0' })).toBe(
      'ipvsadm -E -t 192.168.1.6:80 -s wlc -p 300 -M 255.255.255.0',
    );
  });

  it('keeps the flags of a scheduler that stays and drops those of one that goes', () => {
    const hashed = serviceOf([], { scheduler: 'sh', schedulerFlags: ['sh-port'] });
    expect(editService(hashed, { persistenceSeconds: 360 })).toBe(
      'ipvsadm -E -t 192.168.1.6:80 -s sh -p 360 -b sh-port',
    );
    expect(editService(hashed, { scheduler: 'mh' })).toBe('ipvsadm -E -t 192.168.1.6:80 -s mh');
  });

  it('gives the thresholds again, because -e without them clears them', () => {
    const server: ServerView = serverOf('rs1', { upperThreshold: 100, lowerThreshold: 80 });
    expect(editWeight(persistent, server, 3)).toBe(
      'ipvsadm -e -t 192.168.1.6:80 -r 192.168.1.11:80 -g -w 3 -x 100 -y 80',
    );
  });

  it('keeps the forwarding method when it changes a weight, because -e resets it to -g', () => {
    const server: ServerView = serverOf('rs2', { address: '10.0.0.12', port: 8080, method: 'Masq' });
    expect(editWeight(persistent, server, 0)).toBe('ipvsadm -e -t 192.168.1.6:80 -r 10.0.0.12:8080 -m -w 0');
    expect(deleteServer(persistent, server)).toBe('ipvsadm -d -t 192.168.1.6:80 -r 10.0.0.12:8080');
  });
});
