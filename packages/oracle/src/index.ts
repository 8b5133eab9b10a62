export type { Uncovered } from './coverage.ts';
export { UNCOVERED } from './coverage.ts';
export type { FactKind } from './facts.ts';
export type { Phase } from './replay/replay.ts';
export type { ReadTrace, Trace } from './trace.ts';
export { readTrace } from './trace.ts';
export type { Divergence, TraceReport } from './verify.ts';
export { verifyTrace } from './verify.ts';
