export type {
  ClosedWorkload,
  HostRole,
  HostSpec,
  InterfaceSpec,
  NetworkSpec,
  OpenWorkload,
  Quantity,
  Remedy,
  RemedyCommand,
  Scenario,
  ServerSpec,
  TimelineEntry,
  Words,
  WorkloadSpec,
} from './document.ts';
export type { CapacityAssumptions } from './presets/capacity.ts';
export { CAPACITY_ASSUMPTIONS, CAPACITY_SOURCES, capacityScenario } from './presets/capacity.ts';
export type { PresetEntry, PresetGroup } from './presets/index.ts';
export { preset, presets } from './presets/index.ts';
export type { Imported } from './import/rules.ts';
export { importRules, MAX_IMPORTED_SERVERS } from './import/rules.ts';
export type { ScenarioProblem } from './problem.ts';
export type { Restored } from './restore.ts';
export { MAX_SCENARIO_TEXT, restore, restoreData } from './restore.ts';
export type { Method } from './topology.ts';
