import type { ServiceView } from '@lvscope/cluster';
import type { Scenario } from '@lvscope/scenario';
import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import { markColour } from '../parts/server-mark.ts';
import { serverIndex } from '../state/select.ts';
import { page } from '../state/store.ts';
import type { DecisionRow } from '../worker/api.ts';
import { usePaths } from './Flows.tsx';
import type { Layout } from './layout.ts';
import { lengthOf, type ConnectionPath, pointAlong } from './paths.ts';
import * as styles from './stage.module.css';

/** Connections that are on their way at once; a sample of those that really are. */
const MOST = 36;
/** How long one of them takes there and back, milliseconds of the screen's time. */
const TRIP_MS = 2600;
/** Between two that start, milliseconds. */
const APART_MS = 70;

interface Traveller {
  readonly row: DecisionRow;
  readonly startMs: number;
}

interface DotsProps {
  readonly layout: Layout;
  readonly scenario: Scenario;
  readonly service: ServiceView;
}

/** Real recent connections as dots: requests filled, replies hollow, in the colour of their server. */
export function Dots({ layout, scenario, service }: DotsProps): ReactNode {
  const group = useRef<SVGGElement | null>(null);
  const paths = usePaths(layout, scenario, service);
  const { director, id: serviceId } = service;
  useEffect(() => {
    const element = group.current;
    if (element === null) return undefined;
    const colourOf = (destination: number): string => colourAt(director, destination);
    return travel(element, { paths, director, serviceId, colourOf });
  }, [paths, director, serviceId]);
  return <g ref={group} className={styles.dots} data-testid="dots" />;
}

function colourAt(director: string, destination: number): string {
  const { scenario, view } = page.getState();
  for (const service of view?.services ?? []) {
    if (service.director !== director) continue;
    const server = service.servers.find((one) => one.destinationId === destination);
    if (server !== undefined) return markColour(serverIndex(scenario, server.name));
  }
  return 'var(--mute)';
}

interface Journey {
  readonly paths: ReadonlyMap<number, ConnectionPath>;
  readonly director: string;
  readonly serviceId: number;
  readonly colourOf: (destination: number) => string;
}

/** Moves the dots with the screen until it is told to stop. */
function travel(group: SVGGElement, { paths, director, serviceId, colourOf }: Journey): () => void {
  let under: Traveller[] = [];
  const isOwn = (row: DecisionRow): boolean =>
    row.director === director && row.serviceId === serviceId && paths.has(row.chosen);
  let lastSeq = page.getState().decisions.findLast(isOwn)?.seq ?? -1;
  let lastStart = 0;
  let clockMs = 0;
  let { epoch } = page.getState();
  let before: number | undefined;
  let frame = requestAnimationFrame(turn);
  const shapes = Array.from({ length: MOST }, () => makeShape(group));
  function turn(wallMs: number): void {
    frame = requestAnimationFrame(turn);
    const state = page.getState();
    if (state.epoch !== epoch) {
      // time went back: what was on its way has not begun yet
      under = [];
      epoch = state.epoch;
    }
    // a pause holds the dots where they are
    if (state.playing) clockMs += Math.min(60, wallMs - (before ?? wallMs));
    before = wallMs;
    const newest = state.decisions.findLast(isOwn);
    if (newest !== undefined && newest.seq < lastSeq) lastSeq = newest.seq - 1;
    if (
      newest !== undefined &&
      newest.seq > lastSeq &&
      clockMs - lastStart > APART_MS &&
      under.length < MOST
    ) {
      under.push({ row: nextAfter(state.decisions.filter(isOwn), lastSeq, newest), startMs: clockMs });
      lastSeq = under.at(-1)?.row.seq ?? newest.seq;
      lastStart = clockMs;
    }
    under = under.filter((one) => clockMs - one.startMs < TRIP_MS);
    shapes.forEach((shape, i) => placeShape(shape, under[i], clockMs, paths, colourOf));
  }
  return () => {
    cancelAnimationFrame(frame);
    group.replaceChildren();
  };
}

/** The next decision to show: the one after the last shown while the list is short, else the newest. */
function nextAfter(decisions: readonly DecisionRow[], lastSeq: number, newest: DecisionRow): DecisionRow {
  if (newest.seq - lastSeq > 24) return newest;
  return decisions.find((row) => row.seq > lastSeq) ?? newest;
}

const SVG = 'http://www.w3.org/2000/svg';

function makeShape(group: SVGGElement): SVGRectElement {
  const shape = document.createElementNS(SVG, 'rect');
  shape.setAttribute('visibility', 'hidden');
  group.append(shape);
  return shape;
}

function placeShape(
  shape: SVGRectElement,
  one: Traveller | undefined,
  clockMs: number,
  paths: ReadonlyMap<number, ConnectionPath>,
  colourOf: (destination: number) => string,
): void {
  const path = one === undefined ? undefined : paths.get(one.row.chosen);
  const place =
    path === undefined || one === undefined ? undefined : where(path, (clockMs - one.startMs) / TRIP_MS);
  if (place === undefined || one === undefined) {
    shape.setAttribute('visibility', 'hidden');
    return;
  }
  const colour = colourOf(one.row.chosen);
  const size = place.reply ? 8 : 9;
  shape.setAttribute('visibility', 'visible');
  shape.setAttribute('width', String(size));
  shape.setAttribute('height', String(size));
  shape.setAttribute('rx', place.reply ? '1.5' : '4.5');
  shape.setAttribute('transform', `translate(${place.x - size / 2},${place.y - size / 2})`);
  shape.style.fill = place.reply ? 'var(--paper)' : colour;
  shape.style.stroke = place.reply ? colour : 'var(--paper)';
}

/** Where on its way a connection is at a share of its trip. */
function where(path: ConnectionPath, share: number): { x: number; y: number; reply: boolean } | undefined {
  const legs = [path.request, path.forward, path.reply];
  const lengths = legs.map(lengthOf);
  let left = share * lengths.reduce((sum, length) => sum + length, 0);
  for (const [i, leg] of legs.entries()) {
    const length = lengths[i] ?? 0;
    if (left <= length && length > 0) {
      const point = pointAlong(leg, left / length);
      return point === undefined ? undefined : { ...point, reply: i === 2 };
    }
    left -= length;
  }
  return undefined;
}
