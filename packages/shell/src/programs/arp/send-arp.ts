import { announce, ARP_REPLY, BROADCAST_MAC, hostNamed, sendArpFrame } from '@lvscope/cluster';
import type { CommandResult } from '@lvscope/cluster';
import { parseIpv4, parseMac } from '@lvscope/inet';
import { DONE, failed, textsOf } from '../../program.ts';
import type { Call } from '../../program.ts';

const USAGE = 'Usage: send_arp [-i dev] src_ip_addr src_hw_addr targ_ip_addr tar_hw_addr';

/**
 * `send_arp [-i dev] src_ip src_hw targ_ip targ_hw`, of fake and heartbeat: one ARP reply to everybody.
 * Hardware addresses may be written without colons.
 */
export function sendArp(call: Call): CommandResult {
  const words = textsOf(call);
  const at = words.indexOf('-i');
  const dev = at < 0 ? 'eth0' : (words[at + 1] ?? '');
  const plain = at < 0 ? words : words.filter((_, i) => i !== at && i !== at + 1);
  const [source = '', sourceMac = '', target = '', targetMac = ''] = plain;
  const host = hostNamed(call.world, call.host);
  if (plain.length !== 4 || !host) return failed(1, USAGE);
  const senderAddress = parseIpv4(source);
  const targetAddress = parseIpv4(target);
  if (senderAddress === undefined) return failed(1, `send_arp: ${source}: not an IP address`);
  if (targetAddress === undefined) return failed(1, `send_arp: ${target}: not an IP address`);
  const senderMac = macOf(sourceMac);
  const hardware = macOf(targetMac);
  if (senderMac === undefined) return failed(1, `send_arp: ${sourceMac}: not a hardware address`);
  if (hardware === undefined) return failed(1, `send_arp: ${targetMac}: not a hardware address`);
  const nic = host.interfaces.find(({ name, segment }) => name === dev && segment >= 0);
  if (nic === undefined) return failed(1, `send_arp: ${dev}: No such device`);
  announce(call.world.net, host, senderAddress);
  sendArpFrame(
    call.world,
    call.host,
    dev,
    { operation: ARP_REPLY, senderMac, senderAddress, targetMac: hardware, targetAddress },
    BROADCAST_MAC,
  );
  return DONE;
}

/** `00:11:22:33:44:55`, `001122334455` */
function macOf(text: string): number | undefined {
  const spread = /^[0-9a-f]{12}$/i.test(text) ? text.replace(/(..)(?!$)/g, '$1:') : text;
  return parseMac(spread);
}
