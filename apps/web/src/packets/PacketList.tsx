import { columns } from '@lvscope/capture';
import type { KeyboardEvent, ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { useSize } from '../parts/useSize.ts';
import { ServerMark } from '../parts/ServerMark.tsx';
import * as m from '../paraglide/messages.js';
import { createListing, updateListing } from './listing.ts';
import { frameAt, serverAt } from './log.ts';
import { frameLog, packets, selectFrame, usePackets } from './store.ts';
import * as styles from './packets.module.css';

const ROW_PIXELS = 22;
/** Rows that are made above and below those in sight. */
const SPARE = 12;
/** One for the page: there is one list. */
const listing = createListing();

/** The rows that are listed now. */
export function listedFrames(): readonly number[] {
  const { at, filter, flow } = packets.getState();
  return updateListing(listing, frameLog, { at, filter, flow });
}

/** Wireshark's packet list: only the rows in sight are made. */
export function PacketList(): ReactNode {
  const version = usePackets((state) => state.version);
  const at = usePackets((state) => state.at);
  const filter = usePackets((state) => state.filter);
  const flow = usePackets((state) => state.flow);
  const following = usePackets((state) => state.following);
  const selected = usePackets((state) => state.selected);
  const [scroller, { height }] = useSize<HTMLDivElement>();
  const [scrollTop, setScrollTop] = useState(0);
  const rows = updateListing(listing, frameLog, { at, filter, flow });
  const first = Math.max(0, Math.floor(scrollTop / ROW_PIXELS) - SPARE);
  const shown = rows.slice(first, Math.ceil((scrollTop + height) / ROW_PIXELS) + SPARE);
  useEffect(() => {
    if (following) scroller.current?.scrollTo({ top: rows.length * ROW_PIXELS });
  }, [following, rows.length, version, height, scroller]);
  useEffect(() => {
    // rows that come do not move what is looked at
    const place = selected === undefined ? -1 : placeOf(listedFrames(), selected);
    if (place >= 0) bringIntoSight(scroller.current, place * ROW_PIXELS);
  }, [selected, scroller]);
  return (
    <div className={styles.list}>
      <Head />
      <div
        ref={scroller}
        className={styles.rows}
        role="listbox"
        tabIndex={0}
        aria-label={m.packets_label()}
        aria-activedescendant={selected === undefined ? undefined : `frame-${selected}`}
        onKeyDown={(event) => walkByKey(event, rows)}
        onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
        onWheel={(event) => {
          if (event.deltaY < 0) packets.setState({ following: false });
        }}
      >
        <div style={{ height: rows.length * ROW_PIXELS }} className={styles.sizer}>
          {shown.map((index, i) => (
            <Row key={index} index={index} top={(first + i) * ROW_PIXELS} selected={index === selected} />
          ))}
        </div>
        {rows.length === 0 && <p className={styles.none}>{m.packets_none()}</p>}
      </div>
    </div>
  );
}

/** Scrolls no further than needed. @param top of the row, pixels */
function bringIntoSight(scroller: HTMLElement | null, top: number): void {
  if (scroller === null) return;
  const { scrollTop, clientHeight } = scroller;
  const lowest = top + ROW_PIXELS - clientHeight;
  if (scrollTop > top || scrollTop < lowest) scroller.scrollTo({ top: scrollTop > top ? top : lowest });
}

function Head(): ReactNode {
  return (
    <div className={styles.headRow} aria-hidden="true">
      <span>No.</span>
      <span>Time</span>
      <span>{m.packets_where()}</span>
      <span>Source</span>
      <span>Destination</span>
      <span>Protocol</span>
      <span>Length</span>
      <span>Info</span>
    </div>
  );
}

interface RowProps {
  readonly index: number;
  readonly top: number;
  readonly selected: boolean;
}

function Row({ index, top, selected }: RowProps): ReactNode {
  const frame = frameAt(frameLog, index);
  if (frame === undefined) return null;
  const { source, destination, protocol, length, info } = columns(frame);
  const { record } = frame;
  const server = serverAt(frameLog, index);
  const lost = frameLog.lost[index % frameLog.capacity] !== 0;
  const where = frameLog.plugs.byId.get(record.interfaceId)?.label ?? '';
  const kind = rowKind(protocol, lost, info);
  return (
    <div
      id={`frame-${index}`}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      className={styles.row}
      data-kind={kind}
      style={{ transform: `translateY(${top}px)` }}
      onMouseDown={() => selectFrame(index)}
    >
      <span>{record.index + 1}</span>
      <span>{(record.at / 1e9).toFixed(6)}</span>
      <span>
        <i aria-hidden="true">{record.direction === 'in' ? '←' : '→'}</i> {where}
      </span>
      <span>
        {server >= 0 && <ServerMark index={server} size={8} />} {source}
      </span>
      <span>{destination}</span>
      <span>{protocol}</span>
      <span>{length}</span>
      <span>
        {lost && <b>✕ {m.packets_lost()} </b>}
        {info}
      </span>
    </div>
  );
}

/** Colour goes with a word in the same row: the protocol's name, RST, "lost". */
function rowKind(protocol: string, lost: boolean, info: string): string {
  if (lost || info.includes('[RST') || info.includes('Retransmission')) return 'trouble';
  if (protocol === 'ARP' || protocol === 'VRRP') return 'arp';
  return protocol === 'ICMP' ? 'trouble' : 'plain';
}

function placeOf(rows: readonly number[], index: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle] ?? 0) < index) low = middle + 1;
    else high = middle;
  }
  return rows[low] === index ? low : -1;
}

const STEPS: ReadonlyMap<string, number> = new Map([
  ['ArrowDown', 1],
  ['ArrowUp', -1],
  ['PageDown', 10],
  ['PageUp', -10],
]);

function walkByKey(event: KeyboardEvent, rows: readonly number[]): void {
  const by = STEPS.get(event.key);
  if (by === undefined) return;
  event.preventDefault();
  walkFrames(by, rows);
}

/** Selects the frame that stands so many rows further; at first the newest. */
export function walkFrames(by: number, rows: readonly number[] = listedFrames()): void {
  const { selected } = packets.getState();
  if (rows.length === 0) return;
  const place = selected === undefined ? -1 : placeOf(rows, selected);
  if (place >= 0) return selectFrame(rows[Math.max(0, Math.min(rows.length - 1, place + by))]);
  const after = selected === undefined ? rows.length - 1 : rows.findIndex((index) => index > selected);
  selectFrame(rows[after < 0 ? rows.length - 1 : by < 0 ? Math.max(0, after - 1) : after]);
}
