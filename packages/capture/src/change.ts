import { type CapturedFrame, PROTO_VRRP } from './frame.ts';
import { allFields, dissect, isFragment, isTunnelled } from './dissect.ts';

/** A field that a hop changed. */
export interface FieldChange {
  readonly name: string;
  readonly label: string;
  /** undefined: it was not there, or is no more. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * What a hop did with a packet. The page has a sentence for each.
 * `sent`: made here. `announced`: ARP or VRRP of the host's own. `routed`: MACs and TTL. `direct`: the same,
 * and the MAC is that of a server that has the address itself. `tunnelled`: put into an envelope.
 * `untunnelled`: taken out. `nat-there`: another destination. `nat-back`: another source. `fragmented`: cut.
 */
export type HopKind =
  | 'sent'
  | 'announced'
  | 'routed'
  | 'direct'
  | 'tunnelled'
  | 'untunnelled'
  | 'nat-there'
  | 'nat-back'
  | 'fragmented';

export interface HopChange {
  readonly kind: HopKind;
  readonly changes: readonly FieldChange[];
}

/**
 * What a host made of a packet between taking it in and sending it on.
 * @param before the frame as it came in; undefined where the host made the packet itself
 * @param byDirector whether IPVS handles packets there
 */
export function hopChange(
  before: CapturedFrame | undefined,
  after: CapturedFrame,
  byDirector: boolean,
): HopChange {
  if (before === undefined) return { kind: ownKind(after), changes: [] };
  return { kind: kindOf(before, after, byDirector), changes: differences(before, after) };
}

function ownKind({ record }: CapturedFrame): HopKind {
  return record.arp !== undefined || record.ip?.protocol === PROTO_VRRP ? 'announced' : 'sent';
}

function kindOf(before: CapturedFrame, after: CapturedFrame, byDirector: boolean): HopKind {
  const a = before.record.ip;
  const b = after.record.ip;
  if (a === undefined || b === undefined) return 'routed';
  if (!isTunnelled(a) && isTunnelled(b)) return 'tunnelled';
  if (isTunnelled(a) && !isTunnelled(b)) return 'untunnelled';
  if (a.destination !== b.destination || a.destinationPort !== b.destinationPort) return 'nat-there';
  if (a.source !== b.source || a.sourcePort !== b.sourcePort) return 'nat-back';
  if (!isFragment(a) && isFragment(b)) return 'fragmented';
  return byDirector ? 'direct' : 'routed';
}

/** Fields whose text differs, innermost headers compared with innermost ones. */
function differences(before: CapturedFrame, after: CapturedFrame): FieldChange[] {
  const old = counted(before);
  const now = counted(after);
  const changes: FieldChange[] = [];
  for (const [key, field] of now) {
    const was = old.get(key);
    if (was?.text === field.text) continue;
    // a header that is new as a whole says so by its addresses alone
    if (was === undefined && !['ip.src', 'ip.dst'].includes(field.name)) continue;
    changes.push({ name: field.name, label: field.label, before: was?.text, after: field.text });
  }
  for (const [key, field] of old) {
    if (now.has(key) || !['ip.src', 'ip.dst'].includes(field.name)) continue;
    changes.push({ name: field.name, label: field.label, before: field.text, after: undefined });
  }
  return changes;
}

/** Fields by name and how many of that name come after: the packet itself is the last in its envelopes. */
function counted(frame: CapturedFrame): Map<string, ReturnType<typeof allFields>[number]> {
  const fields = new Map<string, ReturnType<typeof allFields>[number]>();
  const seen = new Map<string, number>();
  for (const field of allFields(dissect(frame)).toReversed()) {
    const after = seen.get(field.name) ?? 0;
    seen.set(field.name, after + 1);
    fields.set(`${field.name}/${after}`, field);
  }
  return new Map([...fields].toReversed());
}
