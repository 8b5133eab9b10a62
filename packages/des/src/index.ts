export {
  addTime,
  type Duration,
  duration,
  elapsed,
  microseconds,
  milliseconds,
  NEVER,
  type SimTime,
  seconds,
  simTime,
  toSeconds,
} from './time.ts';
export type { FiredEvent, Simulation } from './state.ts';
export {
  createSimulation,
  fingerprint,
  next,
  peekTime,
  pendingEvents,
  schedule,
  scheduleAfter,
  stream,
} from './simulation.ts';
export { addTimerBank, armTimer, cancelTimer, isArmed, timerExpiry } from './timers.ts';
export type { TimerBank } from './wheel.ts';
export { addToList, type ChunkLists, createChunkLists, placeBefore, takeList } from './chunk-lists.ts';
export { nextFloat, nextInt, nextU32, type RandomStream } from './random.ts';
export { type Distribution, mean, sample } from './distributions.ts';
export { TICK_NS, timerLevel, timerTick } from './kernel-timer.ts';
export { exp, ln } from './math.ts';
export { createFingerprint, type Fingerprint, fingerprintText, mix, mixEvent } from './fingerprint.ts';
export { copyState, stateBytes } from './checkpoint.ts';
