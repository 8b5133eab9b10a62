import { expect, it } from 'vitest';
import { columns } from './columns.ts';
import { dissect } from './dissect.ts';
import { alone } from './frame.ts';
import { frame, packet } from './testing/records.ts';

it('an announcement is read from the bytes that its sender wrote', () => {
  const message = Uint8Array.of(0x21, 51, 100, 1, 1, 1, 0, 0, 192, 168, 1, 6, 0, 0, 0, 0, 0, 0, 0, 0);
  const record = frame(packet({ protocol: 112, headers: 20, payload: message.length, mss: 0 }));
  const one = { ...alone(record), message };
  expect(columns(one)).toMatchObject({ protocol: 'VRRP', info: 'Announcement (v2)' });
  const fields = dissect(one)
    .layers.at(-1)
    ?.fields.map(({ name, text }) => `${name} ${text}`);
  expect(fields).toContain('vrrp.prio 100');
  expect(fields).toContain('vrrp.ip_addr 192.168.1.6');
});
