import { type Filter, type FilterFault, parseFilter } from '@lvscope/capture';
import { parseIpv4 } from '@lvscope/inet';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FrameBatch } from '../worker/api.ts';
import { createFrameLog, flowAt, type FrameLog, isKept, takeFrames } from './log.ts';
import { page } from '../state/store.ts';

/** The one log of frames. Columns that change in place: whoever draws them looks at its version. */
export const frameLog: FrameLog = createFrameLog();

/** What is open, chosen and followed about packets. */
export interface Packets {
  /** The world is at packet level. */
  readonly there: boolean;
  /** What stands at the bottom of the page. */
  readonly drawer: 'timeline' | 'packets';
  /** Index of the frame that is shown everywhere; undefined = none. */
  readonly selected: number | undefined;
  /** The list stays at its newest row. */
  readonly following: boolean;
  /** Which interface, host or network the list shows; empty = each frame once, where it leaves. */
  readonly at: string;
  readonly filterText: string;
  readonly filter: Filter | undefined;
  readonly fault: FilterFault | undefined;
  /** The client's end of the connection that is followed. */
  readonly flow: number | undefined;
  /** Bytes that are pointed at in the inspector, by first and number. */
  readonly pointed: { readonly start: number; readonly length: number } | undefined;
  /** `frameLog.version` when the page was drawn last. */
  readonly version: number;
}

export const packets: StoreApi<Packets> = createStore<Packets>()(() => ({
  there: false,
  drawer: 'timeline',
  selected: undefined,
  following: true,
  at: '',
  filterText: '',
  filter: undefined,
  fault: undefined,
  flow: undefined,
  pointed: undefined,
  version: 0,
}));

export function usePackets<Part>(select: (state: Packets) => Part): Part {
  return useStore(packets, select);
}

/** Frames that came are in the log at once; the page hears of them when it is drawn. */
export function absorbFrames(batch: FrameBatch | undefined): void {
  if (batch === undefined) return;
  takeFrames(frameLog, batch, page.getState().scenario);
}

/** Tells the page what the log has become. @param there whether the world is at packet level */
export function announceFrames(there: boolean): void {
  const { version, selected } = packets.getState();
  if (!there && packets.getState().there) forgetPackets();
  if (version === frameLog.version && there === packets.getState().there) return;
  const gone = selected !== undefined && !isKept(frameLog, selected);
  packets.setState({ there, version: frameLog.version, ...(gone ? { selected: undefined } : {}) });
}

/** Another world: nothing that was chosen is there. */
export function forgetPackets(): void {
  packets.setState({ selected: undefined, flow: undefined, following: true, at: '', there: false });
  if (packets.getState().drawer === 'packets') packets.setState({ drawer: 'timeline' });
}

export function frameCursor(): { readonly frame: number; readonly reason: number } {
  return { frame: frameLog.next, reason: frameLog.nextReason };
}

/** Shows a frame everywhere; the list is held there. */
export function selectFrame(selected: number | undefined): void {
  packets.setState({ selected, pointed: undefined, ...(selected === undefined ? {} : { following: false }) });
}

export function setFilter(filterText: string): void {
  const answer = parseFilter(filterText);
  if (answer.ok) packets.setState({ filterText, filter: answer.filter, fault: undefined });
  else packets.setState({ filterText, fault: answer.fault });
}

/** Follows the connection that a frame belongs to; undefined = no more. */
export function followFrame(index: number | undefined): void {
  const flow = index === undefined ? -1 : flowAt(frameLog, index);
  packets.setState({ flow: flow < 0 ? undefined : flow, ...(flow < 0 ? {} : { drawer: 'packets' }) });
}

/** Follows the connection whose client's end is given as text: that of a decision. */
export function followEnd(text: string): void {
  const [quad = '', port = ''] = text.split(':');
  const address = parseIpv4(quad);
  if (address === undefined) return;
  packets.setState({
    flow: address * 65_536 + Number(port),
    drawer: 'packets',
    filterText: '',
    filter: undefined,
  });
}
