import type { Completion, HaView } from '@lvscope/cluster';
import type { Beliefs, CableState, HostCondition } from '../worker/api.ts';
import { presentLink } from './run.ts';

/** What Tab offers at a host's prompt. */
export async function completeLine(host: string, text: string, cursor: number): Promise<Completion> {
  return presentLink().api.complete(host, text, cursor);
}

/** What of a host can be broken now. */
export async function conditionOf(host: string): Promise<HostCondition | undefined> {
  return presentLink().api.condition(host);
}

/** Who believes what of the virtual addresses. */
export async function askBeliefs(): Promise<Beliefs> {
  return presentLink().api.beliefs();
}

/** Roles, outages, fail-overs. */
export async function askHa(): Promise<HaView> {
  return presentLink().api.ha();
}

export async function cableOf(host: string, nic: string): Promise<CableState | undefined> {
  return presentLink().api.cable(host, nic);
}
