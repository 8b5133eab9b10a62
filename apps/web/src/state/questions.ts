import type { Completion, HaView } from '@lvscope/cluster';
import type { FaultGroup } from '@lvscope/shell';
import type { Beliefs, CableState, WeightZero } from '../worker/api.ts';
import { presentLink } from './run.ts';

/** What Tab offers at a host's prompt. */
export async function completeLine(host: string, text: string, cursor: number): Promise<Completion> {
  return presentLink().api.complete(host, text, cursor);
}

/** What can happen to a host now. */
export async function askFaults(host: string): Promise<readonly FaultGroup[] | undefined> {
  return presentLink().api.faults(host);
}

/** Who believes what of the virtual addresses. */
export async function askBeliefs(): Promise<Beliefs> {
  return presentLink().api.beliefs();
}

/** Roles, outages, fail-overs. */
export async function askHa(): Promise<HaView> {
  return presentLink().api.ha();
}

/** Who still gets traffic when a server of the service is taken out, and how the service is set. */
export async function askWeightZero(director: string, serviceId: number): Promise<WeightZero | undefined> {
  return presentLink().api.weightZero(director, serviceId);
}

export async function cableOf(host: string, nic: string): Promise<CableState | undefined> {
  return presentLink().api.cable(host, nic);
}
