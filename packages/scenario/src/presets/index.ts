import type { Scenario, Words } from '../document.ts';
import { ARP } from './arp.ts';
import { CAPACITY } from './capacity.ts';
import { CONNECTIONS } from './connections.ts';
import { FAILOVER } from './failover.ts';
import { MISHAPS } from './failover-mishaps.ts';
import { MISCONFIGURATIONS } from './misconfigurations.ts';
import { REMOVAL } from './removal.ts';
import { SCHEDULERS } from './schedulers.ts';
import { STRESS } from './stress.ts';
import { TOPOLOGIES } from './topologies.ts';
import { TUNING } from './tuning.ts';
import { WEIGHT_ZERO } from './weight-zero.ts';

/** What a preset is about: the headings of the gallery, in this order. */
export type PresetGroup =
  | 'stress'
  | 'connections'
  | 'removal'
  | 'schedulers'
  | 'capacity'
  | 'topologies'
  | 'arp'
  | 'misconfigurations'
  | 'tuning'
  | 'failover';

export interface PresetEntry {
  readonly id: string;
  readonly group: PresetGroup;
  readonly title: Words;
  readonly lesson: Words;
}

const GROUPS: readonly (readonly [PresetGroup, readonly Scenario[]])[] = [
  ['stress', STRESS],
  ['connections', CONNECTIONS],
  ['removal', REMOVAL],
  ['schedulers', SCHEDULERS],
  ['capacity', CAPACITY],
  ['topologies', TOPOLOGIES],
  ['arp', ARP],
  ['misconfigurations', MISCONFIGURATIONS],
  ['tuning', TUNING],
  ['failover', [...FAILOVER, ...MISHAPS, ...WEIGHT_ZERO]],
];

/** The gallery, in the order in which it is shown; the first is what a first visit plays. */
export function presets(): readonly PresetEntry[] {
  return GROUPS.flatMap(([group, scenarios]) =>
    scenarios.map(({ name, title, lesson }) => ({ id: name, group, title, lesson })),
  );
}

/** @returns undefined where no preset bears the name. */
export function preset(id: string): Scenario | undefined {
  for (const [, scenarios] of GROUPS) {
    const found = scenarios.find((scenario) => scenario.name === id);
    if (found) return found;
  }
  return undefined;
}
