/** Names of `-b` bits that belong to a scheduler; the bits also have the plain names flag-1 to flag-3. */
const OWN_NAMES: readonly { readonly name: string; readonly scheduler: string; readonly bit: number }[] = [
  { name: 'sh-fallback', scheduler: 'sh', bit: 1 },
  { name: 'sh-port', scheduler: 'sh', bit: 2 },
  { name: 'mh-fallback', scheduler: 'mh', bit: 1 },
  { name: 'mh-port', scheduler: 'mh', bit: 2 },
];

export type SchedulerFlags =
  | { readonly ok: true; readonly bits: number }
  | { readonly ok: false; readonly flag: string; readonly known: boolean }
  | { readonly ok: false; readonly crash: true };

/** Reads the comma list of `-b` for a scheduler. 1.31 crashes where there are commas and no flag. */
export function parseSchedulerFlags(text: string, scheduler: string): SchedulerFlags {
  if (/^,+$/.test(text)) return { ok: false, crash: true };
  let bits = 0;
  for (const flag of text.split(',')) {
    if (flag === '') continue;
    const plain = /^flag-([123])$/.exec(flag);
    if (plain) {
      bits |= 1 << (Number(plain[1]) - 1);
      continue;
    }
    const own = OWN_NAMES.find((entry) => entry.name === flag);
    if (own?.scheduler !== scheduler) return { ok: false, flag, known: own !== undefined };
    bits |= own.bit;
  }
  return { ok: true, bits };
}

/** The comma list of `-b`, in the order of the bits; '' for none. */
export function formatSchedulerFlags(bits: number, scheduler: string): string {
  return [1, 2, 4]
    .filter((bit) => (bits & bit) !== 0)
    .map((bit) => {
      const own = OWN_NAMES.find((entry) => entry.scheduler === scheduler && entry.bit === bit);
      return own?.name ?? `flag-${bit === 4 ? 3 : bit}`;
    })
    .join(',');
}

/**
 * What the lists and -S of 1.31 say of a service's flags, undefined where it has none: of a scheduler whose
 * flags have names those alone, which may leave nothing.
 */
export function listedSchedulerFlags(bits: number, scheduler: string): string | undefined {
  if (bits === 0) return undefined;
  const named = OWN_NAMES.some((entry) => entry.scheduler === scheduler);
  return formatSchedulerFlags(named ? bits & 3 : bits, scheduler);
}
