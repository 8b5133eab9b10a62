import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';

/** What stands in the record's place: one at a time. */
export type RecordTab =
  | 'terminal'
  | 'why'
  | 'commands'
  | 'listing'
  | 'decisions'
  | 'beliefs'
  | 'failover'
  | 'futures';

/** What is open on the page and where it was put: nothing of it is about the world. */
export interface Panels {
  readonly tab: RecordTab;
  /** The host whose terminal is in front; undefined = the director. */
  readonly terminalHost: string | undefined;
  /** Raised when somebody asked for a terminal: it takes the focus. */
  readonly terminalAsked: number;
  /** The side column takes most of the page's width. */
  readonly wide: boolean;
  readonly paletteOpen: boolean;
  readonly verifiedOpen: boolean;
  readonly weightZeroOpen: boolean;
}

export const panels: StoreApi<Panels> = createStore<Panels>()(() => ({
  tab: 'terminal',
  terminalHost: undefined,
  terminalAsked: 0,
  wide: false,
  paletteOpen: false,
  verifiedOpen: false,
  weightZeroOpen: false,
}));

export function usePanels<Part>(select: (state: Panels) => Part): Part {
  return useStore(panels, select);
}

export function showTab(tab: RecordTab): void {
  panels.setState({ tab });
}

/** Brings a host's terminal to the front and gives it the keyboard. */
export function openTerminal(host: string): void {
  const { terminalAsked } = panels.getState();
  panels.setState({ tab: 'terminal', terminalHost: host, terminalAsked: terminalAsked + 1 });
}
