import { fingerprint, mix, type SimTime, schedule } from '@lvscope/des';
import { type Destination, services } from '@lvscope/ipvs';
import type { DropReason } from '@lvscope/net';
import { EVENT_SAMPLE } from './events.ts';
import {
  clearHistogram,
  createHistogram,
  type Histogram,
  mergeHistogram,
  percentile,
  record,
} from './histogram.ts';
import { type HolderChange, noteHolders } from './beliefs.ts';
import { type Bypass, sampleBypasses } from './bypass.ts';
import { createHistory, type History, LONGEST_WINDOW_SECONDS } from './history.ts';
import { beginRow, type Column, columnOf, createSeries, put, rowDue, type SeriesStore } from './series.ts';
import { socketsEstablished, socketsInTimeWait } from './transport.ts';
import type { Director, Workload, World } from './world.ts';

/** Latencies of a window are kept in slices of this length, seconds. */
export const LATENCY_SLICE_SECONDS = 10;
const LATENCY_SLICES = LONGEST_WINDOW_SECONDS / LATENCY_SLICE_SECONDS;

export interface WorkloadHistory {
  readonly interval: Histogram;
  readonly slices: Histogram[];
  /** Number of the slice that is being filled. */
  slice: number;
  readonly succeeded: History;
}

/** Of a destination: its new connections, and its columns once a row was written. */
interface DestinationHistory extends History {
  columns: DestinationColumns | undefined;
}

interface DestinationColumns {
  readonly conns: Column;
  readonly active: Column;
  readonly inactive: Column;
  readonly established: Column;
  readonly timeWait: Column;
}

/** What was measured; nothing in it decides anything. */
export interface Observation {
  /** Samples taken; the next one is due at this second. */
  second: number;
  readonly series: SeriesStore;
  /** By director and destination (`seriesKey`). */
  readonly conns: Map<string, DestinationHistory>;
  readonly workloads: WorkloadHistory[];
  /** Packets that went no further, by reason, of each host by its index. */
  readonly drops: (Map<DropReason, number> | undefined)[];
  /** Connections past the directors, by virtual address and port (`bypass.ts`); packet level only. */
  readonly bypasses: Map<string, Bypass>;
  /** Who held the virtual addresses, whenever that changed; packet level only. */
  readonly holders: HolderChange[];
}

export function createObservation(workloads: number): Observation {
  return {
    second: 0,
    series: createSeries(),
    conns: new Map(),
    drops: [],
    bypasses: new Map(),
    holders: [],
    workloads: Array.from({ length: workloads }, () => ({
      interval: createHistogram(),
      slices: Array.from({ length: LATENCY_SLICES }, createHistogram),
      slice: 0,
      succeeded: createHistory(0),
    })),
  };
}

/** How a destination is named in columns: its id; of a second director with the director's name before it. */
export function seriesKey(world: World, director: Director, destination: number): string {
  return director === world.directors[0] ? String(destination) : `${director.name}/${destination}`;
}

export function scheduleSample(world: World): void {
  const at = (world.observation.second * 1e9) as SimTime;
  schedule(world.sim, at, EVENT_SAMPLE, world.observation.second, 0);
}

/** Once a second: reads the counters, and nothing else. */
export function takeSample(world: World): void {
  const { observation } = world;
  const second = observation.second++;
  const row = rowDue(observation.series, second);
  if (row) beginRow(observation.series, second);
  const print = fingerprint(world.sim, 'counters');
  for (const director of world.directors) {
    for (const service of services(director.ipvs)) {
      for (const destination of service.destinations) {
        sampleDestination(world, director, destination, second, row);
        mix(print, destination.activeConns);
        mix(print, destination.inactConns);
        mix(print, destination.stats.live.conns);
        mix(print, destination.stats.live.inBytes);
        mix(print, destination.stats.live.outBytes);
      }
    }
  }
  for (const w of world.workloads) {
    sampleWorkload(world, w, second, row);
    mix(print, w.succeeded);
    mix(print, failuresOf(w));
  }
  sampleBypasses(world, second);
  noteHolders(world);
  scheduleSample(world);
}

export function failuresOf(w: Workload): number {
  let failed = 0;
  for (const count of Object.values(w.failures)) failed += count;
  return failed;
}

function sampleDestination(
  world: World,
  director: Director,
  destination: Destination,
  second: number,
  row: boolean,
): void {
  const { conns, series } = world.observation;
  const key = seriesKey(world, director, destination.id);
  let history = conns.get(key);
  if (history === undefined) {
    history = { ...createHistory(second), columns: undefined };
    conns.set(key, history);
  }
  history.values[second % history.values.length] = destination.stats.live.conns;
  if (!row) return;
  history.columns ??= columnsOf(series, key);
  const { columns } = history;
  put(series, columns.conns, destination.stats.live.conns);
  put(series, columns.active, destination.activeConns);
  put(series, columns.inactive, destination.inactConns);
  put(series, columns.established, socketsEstablished(world, destination.address));
  put(series, columns.timeWait, socketsInTimeWait(world, destination.address));
}

function columnsOf(series: SeriesStore, key: string): DestinationColumns {
  return {
    conns: columnOf(series, `${key}:conns`),
    active: columnOf(series, `${key}:active`),
    inactive: columnOf(series, `${key}:inactive`),
    established: columnOf(series, `${key}:established`),
    timeWait: columnOf(series, `${key}:timeWait`),
  };
}

function sampleWorkload(world: World, w: Workload, second: number, row: boolean): void {
  const { series, workloads } = world.observation;
  const history = workloads[w.index]!;
  history.succeeded.values[second % history.succeeded.values.length] = w.succeeded;
  const slice = Math.floor(second / LATENCY_SLICE_SECONDS);
  if (slice !== history.slice) {
    history.slice = slice;
    clearHistogram(history.slices[slice % LATENCY_SLICES]!);
  }
  if (!row) return;
  put(series, columnOf(series, `${w.name}:succeeded`), w.succeeded);
  put(series, columnOf(series, `${w.name}:failed`), failuresOf(w));
  put(series, columnOf(series, `${w.name}:p50`, 'max'), percentile(history.interval, 0.5) / 1000);
  put(series, columnOf(series, `${w.name}:p99`, 'max'), percentile(history.interval, 0.99) / 1000);
  clearHistogram(history.interval);
}

/** @param us microseconds from the request's begin to the last byte of its answer */
export function recordLatency(world: World, workload: number, us: number): void {
  const history = world.observation.workloads[workload]!;
  record(history.interval, us);
  record(history.slices[history.slice % LATENCY_SLICES]!, us);
}

/** Latencies of about the last `windowSeconds`: whole slices, the one that is being filled included. */
export function latencyOf(world: World, workload: number, windowSeconds: number): Histogram {
  const history = world.observation.workloads[workload]!;
  const slices = Math.min(LATENCY_SLICES, Math.ceil(windowSeconds / LATENCY_SLICE_SECONDS));
  const all = createHistogram();
  for (let i = 0; i < slices && i <= history.slice; i++) {
    mergeHistogram(all, history.slices[(history.slice - i) % LATENCY_SLICES]!);
  }
  return all;
}

/** Packets that went no further since the start, by host and reason. */
export interface DropCount {
  readonly host: string;
  readonly reason: DropReason;
  readonly packets: number;
}

/** The most first. */
export function drops(world: World): DropCount[] {
  const rows: DropCount[] = [];
  for (const host of world.net.hosts) {
    for (const [reason, packets] of world.observation.drops[host.id] ?? []) {
      rows.push({ host: host.name, reason, packets });
    }
  }
  return rows.sort((a, b) => b.packets - a.packets);
}
