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
export {
  createSimulation,
  type FiredEvent,
  fingerprint,
  next,
  peekTime,
  pendingEvents,
  type Simulation,
  schedule,
  stream,
} from './simulation.ts';
export { addTimerBank, armTimer, cancelTimer, isArmed, type TimerBank, timerExpiry } from './timers.ts';
export { nextFloat, nextInt, nextU32, type RandomStream } from './random.ts';
export { type Distribution, mean, sample } from './distributions.ts';
export { exp, ln } from './math.ts';
export { createFingerprint, type Fingerprint, fingerprintText, mix } from './fingerprint.ts';
export { copyState, stateBytes } from './checkpoint.ts';
