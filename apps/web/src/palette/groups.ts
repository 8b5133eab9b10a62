import type { PresetEntry } from '@lvscope/scenario';
import * as m from '../paraglide/messages.js';

type Group = PresetEntry['group'];

const NAMES: Readonly<Record<Group, () => string>> = {
  stress: m.group_stress,
  connections: m.group_connections,
  removal: m.group_removal,
  schedulers: m.group_schedulers,
  capacity: m.group_capacity,
  topologies: m.group_topologies,
  arp: m.group_arp,
  misconfigurations: m.group_misconfigurations,
  tuning: m.group_tuning,
  failover: m.group_failover,
};

export interface Shelf {
  readonly group: Group;
  readonly name: string;
  readonly presets: readonly PresetEntry[];
}

/** The gallery by groups, in its own order. */
export function shelves(presets: readonly PresetEntry[]): Shelf[] {
  const groups = [...new Set(presets.map(({ group }) => group))];
  return groups.map((group) => ({
    group,
    name: NAMES[group](),
    presets: presets.filter((preset) => preset.group === group),
  }));
}
