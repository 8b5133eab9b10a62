import type { BeliefChange, BeliefHistory, HostBelief } from '@lvscope/cluster';

/** A stretch of time in which a host believed the same of an address. */
export interface Strip {
  readonly fromNs: number;
  readonly toNs: number;
  /** The host whose MAC it believes in; undefined where nobody has that MAC. */
  readonly owner: string | undefined;
  readonly mac: string;
  /** The owner does not hold the address in this time. */
  readonly wrong: boolean;
}

export interface StripRow {
  readonly host: string;
  readonly device: string;
  readonly own: string | undefined;
  readonly strips: readonly Strip[];
  /** The entry's state now; undefined = there is none. */
  readonly state: BeliefChange['state'] | undefined;
  readonly wrongNow: boolean;
}

/** What each host believed in a window of time, with the wrong stretches marked. */
export function stripRows(history: BeliefHistory, fromNs: number, toNs: number): StripRow[] {
  return history.rows.map((row) => {
    const strips = stripsOf(row, history.holders, fromNs, toNs);
    const last = row.changes.at(-1);
    const present = last?.state === 'GONE' ? undefined : last?.state;
    const { host, device, own } = row;
    return { host, device, own, strips, state: present, wrongNow: endsWrong(strips, toNs) };
  });
}

function endsWrong(strips: readonly Strip[], toNs: number): boolean {
  const last = strips.at(-1);
  return last !== undefined && last.wrong && last.toNs >= toNs;
}

function stripsOf(row: HostBelief, holders: BeliefHistory['holders'], fromNs: number, toNs: number): Strip[] {
  const strips: Strip[] = [];
  for (const [i, change] of row.changes.entries()) {
    const end = Math.min(toNs, row.changes[i + 1]?.atNs ?? toNs);
    if (change.mac === undefined || end <= fromNs) continue;
    const { mac, owner } = change;
    for (const { from, to, hosts } of pieces(holders, Math.max(fromNs, change.atNs), end)) {
      join(strips, {
        fromNs: from,
        toNs: to,
        owner,
        mac,
        wrong: owner === undefined || !hosts.includes(owner),
      });
    }
  }
  return strips;
}

/** A stretch of time, cut where the address changed hands. */
function pieces(
  holders: BeliefHistory['holders'],
  fromNs: number,
  toNs: number,
): { from: number; to: number; hosts: readonly string[] }[] {
  return holders.flatMap(({ atNs, hosts }, i) => {
    const from = Math.max(fromNs, atNs);
    const to = Math.min(toNs, holders[i + 1]?.atNs ?? toNs);
    return from < to ? [{ from, to, hosts }] : [];
  });
}

/** Adds a strip, or makes the last one longer where nothing has changed. */
function join(strips: Strip[], strip: Strip): void {
  const last = strips.at(-1);
  const same = last?.toNs === strip.fromNs && last.mac === strip.mac && last.wrong === strip.wrong;
  if (same && last.owner === strip.owner) strips[strips.length - 1] = { ...last, toNs: strip.toNs };
  else strips.push(strip);
}

/** Who was wrong for how long in all, the longest first. */
export interface Wrong {
  readonly host: string;
  readonly owner: string | undefined;
  readonly ns: number;
  readonly now: boolean;
}

export function wrongOnes(rows: readonly StripRow[]): Wrong[] {
  return rows
    .flatMap(({ host, strips, wrongNow }) => {
      const wrong = strips.filter((strip) => strip.wrong);
      const ns = wrong.reduce((sum, strip) => sum + strip.toNs - strip.fromNs, 0);
      return ns === 0 ? [] : [{ host, owner: wrong.at(-1)?.owner, ns, now: wrongNow }];
    })
    .toSorted((a, b) => Number(b.now) - Number(a.now) || b.ns - a.ns);
}
