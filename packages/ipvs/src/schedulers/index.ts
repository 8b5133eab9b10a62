import { dh } from './dh.ts';
import { fo } from './fo.ts';
import { lblc } from './lblc.ts';
import { lblcr } from './lblcr.ts';
import { lc } from './lc.ts';
import { mh } from './mh.ts';
import { nq } from './nq.ts';
import { ovf } from './ovf.ts';
import { rr } from './rr.ts';
import { sed } from './sed.ts';
import { sh } from './sh.ts';
import { twos } from './twos.ts';
import type { Scheduler, SchedulerName } from './types.ts';
import { wlc } from './wlc.ts';
import { wrr } from './wrr.ts';

/** All schedulers, by the name of their kernel module. */
export const SCHEDULERS: Readonly<Record<SchedulerName, Scheduler>> = {
  rr,
  wrr,
  lc,
  wlc,
  lblc,
  lblcr,
  dh,
  sh,
  sed,
  nq,
  mh,
  fo,
  ovf,
  twos,
};

/** Whether `ipvsadm -s` knows this name. */
export function isSchedulerName(text: string): text is SchedulerName {
  return Object.hasOwn(SCHEDULERS, text);
}

export { overhead } from './overhead.ts';
