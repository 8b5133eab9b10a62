import type { Scenario, Words } from '../document.ts';
import { CAPACITY } from './capacity.ts';
import { CONNECTIONS } from './connections.ts';
import { REMOVAL } from './removal.ts';
import { SCHEDULERS } from './schedulers.ts';
import { STRESS } from './stress.ts';

export interface PresetEntry {
  readonly id: string;
  readonly title: Words;
  readonly lesson: Words;
}

const ALL: readonly Scenario[] = [...STRESS, ...CONNECTIONS, ...REMOVAL, ...SCHEDULERS, ...CAPACITY];

/** The gallery, in the order in which it is shown; the first is what a first visit plays. */
export function presets(): readonly PresetEntry[] {
  return ALL.map(({ name, title, lesson }) => ({ id: name, title, lesson }));
}

/** @returns undefined where no preset bears the name. */
export function preset(id: string): Scenario | undefined {
  return ALL.find((scenario) => scenario.name === id);
}
