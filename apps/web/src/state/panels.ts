import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';

/** What stands in the record's place: one at a time. */
export type RecordTab = 'why' | 'commands' | 'listing' | 'decisions';

/** What is open on the page and where it was put: nothing of it is about the world. */
export interface Panels {
  readonly tab: RecordTab;
  /** The side column takes most of the page's width. */
  readonly wide: boolean;
  readonly paletteOpen: boolean;
}

export const panels: StoreApi<Panels> = createStore<Panels>()(() => ({
  tab: 'commands',
  wide: false,
  paletteOpen: false,
}));

export function usePanels<Part>(select: (state: Panels) => Part): Part {
  return useStore(panels, select);
}

export function showTab(tab: RecordTab): void {
  panels.setState({ tab });
}
