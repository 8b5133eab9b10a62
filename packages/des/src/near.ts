import { type EventQueue, RUN_CAPACITY } from './queue-data.ts';

/**
 * Events scheduled into the current bucket join the run up to this length. It keeps most crowds out of the
 * heap, which is slower than it looks until the JavaScript engine has compiled it.
 */
const RUN_LIMIT = 120;

/** Sorts an event into the run, or into the heap when the run is long. */
export function insertNear(q: EventQueue, slot: number): void {
  const { runTime, runSlot, reals, runCount: count } = q;
  if (count > RUN_LIMIT) return leaveToHeap(q, slot);
  const at = reals[slot << 2]!;
  const sequence = reals[(slot << 2) | 1]!;
  let i = count;
  for (;;) {
    const t = runTime[i - 1]!;
    const s = runSlot[i - 1]!;
    if (t > at || (t === at && reals[(s << 2) | 1]! > sequence)) break;
    runTime[i] = t;
    runSlot[i--] = s;
  }
  runTime[i] = at;
  runSlot[i] = slot;
  q.runCount = count + 1;
  q.nearWaste += (count - i) >> 3;
}

function leaveToHeap(q: EventQueue, slot: number): void {
  q.nearWaste++;
  pushHeap(q, q.reals[slot << 2]!, slot);
}

/** True when the event (at, slot) comes before (t, other). */
function isBefore(reals: Float64Array, at: number, slot: number, t: number, other: number): boolean {
  return at < t || (at === t && reals[(slot << 2) | 1]! < reals[(other << 2) | 1]!);
}

export function pushHeap(q: EventQueue, at: number, slot: number): void {
  if (q.heapCount === q.heapTime.length) {
    const times = new Float64Array(q.heapCount * 2);
    times.set(q.heapTime);
    q.heapTime = times;
    const slots = new Int32Array(q.heapCount * 2);
    slots.set(q.heapSlot);
    q.heapSlot = slots;
  }
  const { heapTime, heapSlot, reals } = q;
  let i = q.heapCount++;
  while (i > 0) {
    const parent = (i - 1) >> 2;
    if (!isBefore(reals, at, slot, heapTime[parent]!, heapSlot[parent]!)) break;
    heapTime[i] = heapTime[parent]!;
    heapSlot[i] = heapSlot[parent]!;
    i = parent;
  }
  heapTime[i] = at;
  heapSlot[i] = slot;
}

/** Takes the first entry off the heap of four children a node. */
function popHeap(q: EventQueue): void {
  const { heapTime, heapSlot, reals } = q;
  const n = --q.heapCount;
  const at = heapTime[n]!;
  const slot = heapSlot[n]!;
  let i = 0;
  for (;;) {
    const first = 4 * i + 1;
    if (first >= n) break;
    const end = first + 4 < n ? first + 4 : n;
    let least = first;
    for (let k = first + 1; k < end; k++) {
      if (isBefore(reals, heapTime[k]!, heapSlot[k]!, heapTime[least]!, heapSlot[least]!)) least = k;
    }
    if (isBefore(reals, at, slot, heapTime[least]!, heapSlot[least]!)) break;
    heapTime[i] = heapTime[least]!;
    heapSlot[i] = heapSlot[least]!;
    i = least;
  }
  heapTime[i] = at;
  heapSlot[i] = slot;
}

/** Makes the run's last entry the next event of run and heap, if the heap has an earlier one. */
export function raiseHeap(q: EventQueue): void {
  const last = q.runCount - 1;
  const top = q.heapTime[0]!;
  const slot = q.heapSlot[0]!;
  if (!isBefore(q.reals, top, slot, q.runTime[last]!, q.runSlot[last]!)) return;
  popHeap(q);
  if (q.runCount === RUN_CAPACITY) spillRun(q);
  q.runTime[q.runCount] = top;
  q.runSlot[q.runCount++] = slot;
}

/** Moves the later half of a full run to the heap. */
function spillRun(q: EventQueue): void {
  const half = q.runCount >> 1;
  for (let i = 1; i < half; i++) pushHeap(q, q.runTime[i]!, q.runSlot[i]!);
  q.runTime.copyWithin(1, half, q.runCount);
  q.runSlot.copyWithin(1, half, q.runCount);
  q.runCount -= half - 1;
}
