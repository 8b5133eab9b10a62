import type { Simulation } from '@lvscope/des';
import type { Ipvs } from './state.ts';

/** A periodic job's time has come: operand `a` of the tick event. */
export function tick(_ipvs: Ipvs, _sim: Simulation, _job: number): void {}

/** What of the machine's memory is free, in pages of 4 kB: the automatic defence modes compare it to amemthresh. */
export function setAvailableMemory(ipvs: Ipvs, pages: number): void {
  ipvs.defence.availablePages = pages;
}
