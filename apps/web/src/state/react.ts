import { useStore } from 'zustand';
import { page, type PageState } from './store.ts';

/** Reads a part of the page's state; the component is drawn again when that part changes. */
export function usePage<Part>(select: (state: PageState) => Part): Part {
  return useStore(page, select);
}
