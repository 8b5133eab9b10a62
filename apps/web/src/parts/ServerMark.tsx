import type { ReactNode } from 'react';
import { markColour, markPath } from './server-mark.ts';

/** The sign of a server: its colour, and a shape for those who can't tell the colours apart. */
export function ServerMark({
  index,
  size = 10,
}: {
  readonly index: number;
  readonly size?: number;
}): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 10 10" aria-hidden="true">
      <path d={markPath(index)} fill={markColour(index)} />
    </svg>
  );
}
