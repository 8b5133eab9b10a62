import type { CommandRecord, WorldView } from '@lvscope/cluster';
import type { PresetEntry, Scenario } from '@lvscope/scenario';
import type { CapacityRun } from '../capacity/assumptions.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  Decided,
  DecisionId,
  DecisionRow,
  Explanation,
  FutureCommand,
  Problem,
  TextFormat,
} from '../worker/api.ts';
import { type Language, language } from '../words/locale.ts';
import { NO_ROWS, type SeriesRows } from './series.ts';

export type Theme = 'system' | 'light' | 'dark';
/** Simulated time in one of the screen's; 'frames': as slowly as each frame wants to be seen. */
export type Speed = number | 'max' | 'frames';

/** A text that could not be taken, kept for correction. */
export interface Refusal {
  readonly format: TextFormat | 'file';
  readonly problems: readonly Problem[];
}

export interface PageState {
  readonly presets: readonly PresetEntry[];
  readonly presetId: string | undefined;
  readonly scenario: Scenario | undefined;
  readonly epoch: number;
  readonly view: WorldView | undefined;
  readonly series: SeriesRows;
  /** What was seen before the user went back in time; drawn faintly until the run gets there again. */
  readonly seen: SeriesRows;
  readonly commands: readonly CommandRecord[];
  readonly future: readonly FutureCommand[];
  /** The newest, oldest first. */
  readonly decisions: readonly DecisionRow[];
  /** Number of the newest, by director. */
  readonly decided: Decided;
  /** Key of the service that ledger, stage and timeline show; undefined = the first. */
  readonly serviceKey: string | undefined;
  readonly playing: boolean;
  readonly speed: Speed;
  /** Time is on its way to this instant after a jump. */
  readonly seekingNs: number | undefined;
  readonly explanation: Explanation | undefined;
  /** The decision that was picked; undefined = the newest is followed. */
  readonly picked: DecisionId | undefined;
  readonly language: Language;
  readonly theme: Theme;
  readonly importOpen: boolean;
  readonly importText: string;
  readonly refusal: Refusal | undefined;
  readonly helpOpen: boolean;
  readonly assumptionsOpen: boolean;
  /** Outcomes of capacity scenarios under the same assumptions. */
  readonly capacityRuns: readonly CapacityRun[];
  /** What was done that is no command: a new run with another topology, told once. */
  readonly notice: Notice | undefined;
  /** The worker is gone; the words of its last error. */
  readonly broken: string | undefined;
}

/** A change that needed a new run: the script of commands that it stands for. */
export interface Notice {
  readonly kind: 'new-run';
  readonly script: readonly { readonly host: string; readonly lines: readonly string[] }[];
}

export const FIRST_SPEED = 10;

const THEME_KEY = 'lvscope-theme';

function storedTheme(): Theme {
  const stored = typeof localStorage === 'undefined' ? null : localStorage.getItem(THEME_KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export function rememberTheme(theme: Theme): void {
  if (theme === 'system') localStorage.removeItem(THEME_KEY);
  else localStorage.setItem(THEME_KEY, theme);
}

export function initialState(): PageState {
  return {
    presets: [],
    presetId: undefined,
    scenario: undefined,
    epoch: -1,
    view: undefined,
    series: NO_ROWS,
    seen: NO_ROWS,
    commands: [],
    future: [],
    decisions: [],
    decided: {},
    serviceKey: undefined,
    playing: false,
    speed: FIRST_SPEED,
    seekingNs: undefined,
    explanation: undefined,
    picked: undefined,
    language: language(),
    theme: storedTheme(),
    importOpen: false,
    importText: '',
    refusal: undefined,
    helpOpen: false,
    assumptionsOpen: false,
    capacityRuns: [],
    notice: undefined,
    broken: undefined,
  };
}

/** The page's state: one store without React; components read it through `usePage`. */
export const page: StoreApi<PageState> = createStore<PageState>()(() => initialState());
