type Numbers = Int32Array | Uint32Array | Float64Array | Uint8Array | Uint16Array;

/**
 * Rows of a struct of arrays: numbers 0.. that are handed out, given back and handed out again, last first.
 */
export interface Slots {
  /** Rows that were ever in use. */
  length: number;
  used: number;
  /** Rows that were given back, as a stack. */
  free: number[];
}

export function createSlots(): Slots {
  return { length: 0, used: 0, free: [] };
}

export function takeSlot(slots: Slots): number {
  slots.used++;
  return slots.free.pop() ?? slots.length++;
}

export function giveSlot(slots: Slots, slot: number): void {
  slots.used--;
  slots.free.push(slot);
}

/** The same numbers with room for row `slot`. */
export function roomFor<T extends Numbers>(column: T, slot: number): T {
  if (slot < column.length) return column;
  const Kind = column.constructor as new (length: number) => T;
  const wider = new Kind(Math.max(slot + 1, column.length * 2));
  wider.set(column);
  return wider;
}
