import { type CapturedFrame, type HopKind, hopChange, isTunnelled } from '@lvscope/capture';
import type { FrameReason } from '@lvscope/cluster';
import { formatIpv4, formatMac } from '@lvscope/inet';
import type { HostRole } from '@lvscope/scenario';
import * as m from '../paraglide/messages.js';
import { type FrameLog, frameBefore } from './log.ts';

/** Who is concerned at a hop. */
export interface Hop {
  readonly kind: HopKind | 'received';
  readonly host: string;
  /** The host with the MAC that the frame goes to. */
  readonly to: string;
  readonly before: CapturedFrame | undefined;
}

/** What happened at the interface where a frame was seen. @param roles by host */
export function hopOf(
  log: FrameLog,
  frame: CapturedFrame,
  roles: ReadonlyMap<string, HostRole>,
  virtual: ReadonlySet<number>,
): Hop & { readonly changes: ReturnType<typeof hopChange>['changes'] } {
  const { record } = frame;
  const host = log.plugs.byId.get(record.interfaceId)?.host ?? '?';
  const to = hostWithMac(log, record.destinationMac);
  if (record.direction !== 'out') return { kind: 'received', host, to, before: undefined, changes: [] };
  const before = frameBefore(log, frame);
  const toVirtual = record.ip !== undefined && virtual.has(record.ip.destination);
  const { kind, changes } = hopChange(before, frame, roles.get(host) === 'director' && toVirtual);
  return { kind, host, to, before, changes };
}

function hostWithMac(log: FrameLog, mac: number): string {
  return log.interfaces.find((row) => row.mac === mac)?.host ?? formatMac(mac);
}

/** One sentence about what the hop did, and the word that stands before it. */
export function hopText(hop: Hop, frame: CapturedFrame): { readonly title: string; readonly text: string } {
  const { host, to } = hop;
  const { ip, arp } = frame.record;
  const destination = ip === undefined ? '' : formatIpv4(ip.destination);
  switch (hop.kind) {
    case 'direct':
      return { title: m.hop_direct_title(), text: m.hop_direct({ to, destination }) };
    case 'tunnelled':
      return { title: m.hop_tunnel_title(), text: m.hop_tunnel({ host, to: outerText(frame), destination }) };
    case 'untunnelled':
      return { title: m.hop_untunnel_title(), text: m.hop_untunnel({ host }) };
    case 'nat-there':
      return { title: m.hop_nat_there_title(), text: m.hop_nat_there({ host, destination }) };
    case 'nat-back': {
      const source = ip === undefined ? '' : formatIpv4(ip.source);
      return { title: m.hop_nat_back_title(), text: m.hop_nat_back({ host, source }) };
    }
    case 'routed':
      return { title: m.hop_routed_title(), text: m.hop_routed({ host, to }) };
    case 'fragmented':
      return { title: m.hop_fragmented_title(), text: m.hop_fragmented({ host }) };
    case 'announced':
      return { title: m.hop_arp_title(), text: arpText(arp, host) };
    case 'sent':
      return { title: m.hop_sent_title(), text: m.hop_sent({ host, to }) };
    case 'received': {
      const envelope = ip !== undefined && isTunnelled(ip);
      return {
        title: m.hop_received_title(),
        text: envelope ? m.hop_received_ipip({ host }) : m.hop_received({ host }),
      };
    }
  }
}

/** Whom the envelope is addressed to. */
function outerText({ record: { ip } }: CapturedFrame): string {
  return ip === undefined ? '' : formatIpv4(ip.outerDestination);
}

function arpText(arp: CapturedFrame['record']['arp'], host: string): string {
  if (arp === undefined) return m.hop_announced({ host });
  const [sender, target] = [formatIpv4(arp.senderAddress), formatIpv4(arp.targetAddress)];
  if (sender === target) return m.hop_gratuitous({ host, address: target });
  return arp.operation === 1
    ? m.hop_asks({ host, address: target })
    : m.hop_answers({ host, address: sender, mac: formatMac(arp.senderMac) });
}

/** Why a host did, or did not do, something with a frame that came in. */
export function reasonText(reason: FrameReason): string {
  const { host, what } = reason;
  switch (reason.kind) {
    case 'drop':
      return m.reason_drop({ host, what });
    case 'arp-withheld':
      return m.reason_silent({ host, what });
    case 'decision':
      if (reason.server === undefined) return m.reason_nobody({ host, what });
      return reason.byTemplate
        ? m.reason_template({ host, server: reason.server })
        : m.reason_chosen({ host, server: reason.server, what });
  }
}
