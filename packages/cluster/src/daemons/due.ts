import { NEVER, type SimTime } from '@lvscope/des';

/** Something that a daemon wants to do at an instant: as a rule one of a kind for each index. */
export interface Due {
  readonly kind: string;
  readonly index: number;
  readonly at: number;
}

/** Sets a time; an earlier setting of the same kind and index is forgotten. */
export function arm(list: Due[], kind: string, index: number, at: number): void {
  disarm(list, kind, index);
  armAnother(list, kind, index, at);
}

/** One more of its kind: those that are set stay. */
export function armAnother(list: Due[], kind: string, index: number, at: number): void {
  list.push({ kind, index, at: Math.floor(at) });
}

export function disarm(list: Due[], kind: string, index: number): void {
  const place = list.findIndex((due) => due.kind === kind && due.index === index);
  if (place >= 0) list.splice(place, 1);
}

/** Takes the earliest that is due by now; of several of one instant the one set first. */
export function takeDue(list: Due[], now: number): Due | undefined {
  let first = -1;
  for (const [i, due] of list.entries()) {
    if (due.at <= now && (first < 0 || due.at < list[first]!.at)) first = i;
  }
  return first < 0 ? undefined : list.splice(first, 1)[0];
}

export function nextDue(list: readonly Due[]): SimTime {
  return list.reduce<number>((earliest, { at }) => Math.min(earliest, at), NEVER) as SimTime;
}
