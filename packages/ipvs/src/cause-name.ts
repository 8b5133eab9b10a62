const NAMES = [
  'not-mine',
  'existing',
  'scheduled',
  'template',
  'rescheduled',
  'no-server',
  'no-destination',
  'nodest-expired',
  'not-eligible',
  'drop-packet',
  'bypass',
  'reply',
  'one-packet',
  'backup-only',
  'icmp-related',
  'no-call-id',
] as const;

/** The word for a CAUSE_*. */
export type CauseName = (typeof NAMES)[number];

/** @param cause CAUSE_*; anything else is a bug and throws */
export function causeName(cause: number): CauseName {
  const name = NAMES[cause];
  if (name === undefined) throw new RangeError(`no cause ${cause}`);
  return name;
}
