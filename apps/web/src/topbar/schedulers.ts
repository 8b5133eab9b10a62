import * as m from '../paraglide/messages.js';

/** The kernel's schedulers, the common ones first, each with the words for what it does. */
export const SCHEDULERS: readonly (readonly [string, () => string])[] = [
  ['rr', m.sched_rr],
  ['wrr', m.sched_wrr],
  ['lc', m.sched_lc],
  ['wlc', m.sched_wlc],
  ['lblc', m.sched_lblc],
  ['lblcr', m.sched_lblcr],
  ['dh', m.sched_dh],
  ['sh', m.sched_sh],
  ['sed', m.sched_sed],
  ['nq', m.sched_nq],
  ['mh', m.sched_mh],
  ['fo', m.sched_fo],
  ['ovf', m.sched_ovf],
  ['twos', m.sched_twos],
];
