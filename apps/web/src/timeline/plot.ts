import { type ScaleLinear, scaleLinear } from 'd3-scale';

/** Where things are on the timeline, in pixels. */
export interface Plot {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  /** Seconds to x. */
  readonly x: ScaleLinear<number, number>;
  /** Share to y, 0 at the bottom of the areas. */
  readonly share: ScaleLinear<number, number>;
  /** Jain's index to y. */
  readonly jain: ScaleLinear<number, number>;
  readonly axisY: number;
}

export function plotOf(width: number, height: number, endSeconds: number): Plot {
  const left = width < 560 ? 46 : 64;
  const right = width - (width < 560 ? 12 : 24);
  const axisY = height - 20;
  const jainTall = Math.max(16, Math.min(34, (height - 60) * 0.28));
  const areasBottom = axisY - jainTall - 20;
  return {
    width,
    height,
    left,
    right,
    axisY,
    x: scaleLinear([0, endSeconds], [left, right]),
    share: scaleLinear([0, 1], [areasBottom, 22]),
    jain: scaleLinear([0, 1], [axisY - 5, axisY - jainTall - 5]),
  };
}
