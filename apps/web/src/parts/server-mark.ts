/** How a server is marked everywhere: a colour and a shape of eight, by its place in the list. */
export interface Mark {
  /** 0 to 7. */
  readonly colour: number;
  readonly shape: number;
}

export const MARKS = 8;

/** The first eight servers differ in both; later ones repeat a colour with another shape. */
export function markOf(index: number): Mark {
  return { colour: index % MARKS, shape: (index + Math.floor(index / MARKS)) % MARKS };
}

export function markColour(index: number): string {
  return `var(--server-${markOf(index).colour})`;
}

/** Outlines in a box of 10 × 10. */
const SHAPES: readonly string[] = [
  'M1 1H9V9H1Z',
  'M5 0.6A4.4 4.4 0 1 1 5 9.4A4.4 4.4 0 1 1 5 0.6Z',
  'M5 0.6L9.6 9.2H0.4Z',
  'M5 0L10 5L5 10L0 5Z',
  'M0.4 0.8H9.6L5 9.4Z',
  'M5 0.3L9.6 3.7L7.9 9.3H2.1L0.4 3.7Z',
  'M3.4 0.5H6.6V3.4H9.5V6.6H6.6V9.5H3.4V6.6H0.5V3.4H3.4Z',
  'M2.8 0.7H7.2L9.6 5L7.2 9.3H2.8L0.4 5Z',
];

export function markPath(index: number): string {
  return SHAPES[markOf(index).shape] ?? 'M1 1H9V9H1Z';
}
