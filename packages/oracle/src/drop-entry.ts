import type { Fact } from './facts.ts';
import { text, type Trace } from './trace.ts';

const SET =
  /net[./]ipv4[./]vs[./]drop_entry\s*=\s*(\d)|echo "?(\d)"? ?> ?\/proc\/sys\/net\/ipv4\/vs\/drop_entry/;

/** What a command or a step sets drop_entry to; undefined: nothing. */
function settingOf(fields: Readonly<Record<string, unknown>>): string | undefined {
  if (fields['op'] === 'sysctl' && text(fields, 'key').endsWith('drop_entry')) return String(fields['value']);
  const match = SET.exec(text(fields, 'cmd'));
  return match?.[1] ?? match?.[2];
}

/**
 * For each observation whether the director weeds its table out at random then (drop_entry 3, which acts
 * without memory pressure; the recordings have none, so 1 and 2 do nothing).
 */
function weedings(trace: Trace): boolean[] {
  let now = trace.setup.map((entry) => settingOf({ ...entry })).findLast((value) => value !== undefined);
  return trace.observations.map((observation) => {
    const before = now;
    now = settingOf(observation) ?? now;
    return before === '3';
  });
}

/**
 * Marks the facts that hang on which half-open connections the kernel has drawn: a server's counts, and of
 * the connection table its length and the rows in SYN_RECV. Everything else stays what it was.
 */
export function markDrawnVictims(trace: Trace, facts: readonly (readonly Fact[])[]): Fact[][] {
  const weeding = weedings(trace);
  return facts.map((list, i) => (weeding[i] === true ? mark(list) : [...list]));
}

function mark(facts: readonly Fact[]): Fact[] {
  const halfOpen = new Set(
    facts.filter((f) => f.kind === 'state' && f.value === 'SYN_RECV').map((f) => f.place),
  );
  return facts.map((fact): Fact => {
    if (fact.kind === 'counts') return { ...fact, kind: 'drop-entry-counts' };
    const row = (fact.kind === 'state' || fact.kind === 'expiry') && halfOpen.has(fact.place);
    const table = fact.kind === 'list' && fact.place.endsWith('.conns');
    return row || table ? { ...fact, kind: 'drop-entry-rows' } : fact;
  });
}
