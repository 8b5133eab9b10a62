import { COLUMN, type Filter, passes, unpackRow } from '@lvscope/capture';
import { type FrameLog, offsetOf } from './log.ts';

/** What is to be listed. */
export interface Criteria {
  /** An interface's label, a host, or a network; empty = each frame once, where it leaves. */
  readonly at: string;
  readonly filter: Filter | undefined;
  readonly flow: number | undefined;
}

/** The frames that meet the criteria, found once each however often it is asked. */
export interface Listing {
  criteria: Criteria;
  epoch: number;
  scanned: number;
  /** Indexes in order. */
  rows: number[];
}

export function createListing(): Listing {
  return { criteria: { at: '', filter: undefined, flow: undefined }, epoch: -1, scanned: 0, rows: [] };
}

/** Brings a listing up to what the log has. */
export function updateListing(listing: Listing, log: FrameLog, criteria: Criteria): readonly number[] {
  const { at, filter, flow } = listing.criteria;
  const same = at === criteria.at && filter === criteria.filter && flow === criteria.flow;
  if (!same || listing.epoch !== log.epoch) {
    listing.criteria = criteria;
    listing.epoch = log.epoch;
    listing.scanned = log.first;
    listing.rows = [];
  }
  const seen = interfacesAt(log, criteria.at);
  const fresh: number[] = [];
  for (let index = Math.max(listing.scanned, log.first); index < log.next; index++) {
    if (isListed(log, index, criteria, seen)) fresh.push(index);
  }
  listing.scanned = log.next;
  const gone = listing.rows.findIndex((index) => index >= log.first);
  const kept = gone < 0 ? [] : gone > 0 ? listing.rows.slice(gone) : listing.rows;
  // a new array only where something has changed: it is what the page looks at
  if (fresh.length > 0 || kept.length !== listing.rows.length) listing.rows = [...kept, ...fresh];
  return listing.rows;
}

function interfacesAt(log: FrameLog, at: string): ReadonlySet<number> | undefined {
  if (at === '') return undefined;
  const found = log.interfaces.filter(({ label, host, network }) => [label, host, network].includes(at));
  return new Set(found.map(({ id }) => id));
}

function isListed(
  log: FrameLog,
  index: number,
  criteria: Criteria,
  seen: ReadonlySet<number> | undefined,
): boolean {
  const o = offsetOf(log, index);
  const direction = log.rows[o + COLUMN.direction];
  if (direction === 2) return false;
  if (seen === undefined ? direction !== 0 : !seen.has(log.rows[o + COLUMN.interfaceId] ?? -1)) return false;
  if (criteria.flow !== undefined && log.flow[index % log.capacity] !== criteria.flow) return false;
  return criteria.filter === undefined || passes(criteria.filter, unpackRow(log.rows, o));
}
