import type { Batch, Cursor, DecisionRow } from '../worker/api.ts';
import { frameCursor } from '../packets/store.ts';
import { joinRows, NO_ROWS } from './series.ts';
import type { PageState } from './store.ts';

/** Decisions that the page keeps; older ones are asked for by number. */
export const KEPT_DECISIONS = 300;

export function cursorOf(state: PageState): Cursor {
  return {
    epoch: state.epoch,
    seriesRows: state.series.time.length,
    seriesStepSeconds: state.series.stepSeconds,
    commands: state.commands.length,
    openCommands: openOnes(state.commands),
    decided: state.decided,
    ...frameCursor(),
  };
}

/** What the state becomes when a batch came. */
export function absorb(state: PageState, batch: Batch): Partial<PageState> {
  const fresh = batch.epoch !== state.epoch;
  const rows = fresh ? NO_ROWS : state.series;
  const commands = fresh ? [] : state.commands;
  const series = joinRows(rows, batch.series, batch.seriesFrom);
  return {
    epoch: batch.epoch,
    view: batch.view,
    series,
    seen: seenAfter(state, series.time.at(-1) ?? 0),
    commands: commandsWith(commands, batch),
    decisions: newestDecisions(fresh ? [] : state.decisions, batch.decisions),
    decided: batch.decided,
    future: sameFuture(state.future, batch.future) ? state.future : batch.future,
    ...(batch.reached ? { seekingNs: undefined } : {}),
  };
}

/** The commands that have not ended, and how much they have said. */
function openOnes(commands: PageState['commands']): Cursor['openCommands'] {
  return commands.flatMap(({ rc, out, err }, index) =>
    rc === undefined ? [{ index, length: out.length + err.length }] : [],
  );
}

function commandsWith(had: PageState['commands'], batch: Batch): PageState['commands'] {
  const { commands, commandsFrom, grown } = batch;
  if (commands.length === 0 && commandsFrom === had.length && grown.length === 0) return had;
  const all = [...had.slice(0, commandsFrom), ...commands];
  for (const { index, record } of grown) if (index < all.length) all[index] = record;
  return all;
}

function newestDecisions(had: readonly DecisionRow[], came: readonly DecisionRow[]): readonly DecisionRow[] {
  if (came.length === 0) return had;
  return [...had, ...came].slice(-KEPT_DECISIONS);
}

function seenAfter(state: PageState, lastSecond: number): PageState['seen'] {
  return (state.seen.time.at(-1) ?? -1) <= lastSecond ? NO_ROWS : state.seen;
}

function sameFuture(a: Batch['future'], b: Batch['future']): boolean {
  return (
    a.length === b.length && a.every((one, i) => one.atNs === b[i]?.atNs && one.command === b[i]?.command)
  );
}
