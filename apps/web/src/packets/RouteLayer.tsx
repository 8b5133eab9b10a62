import type { ReactNode } from 'react';
import { useMemo } from 'react';
import { markColour } from '../parts/server-mark.ts';
import type { Layout } from '../stage/layout.ts';
import { along, createGeometry, type Geometry, type Way, wayBetween } from './geometry.ts';
import { type Leg, legOf, routeOf } from './route.ts';
import { frameLog, usePackets } from './store.ts';
import * as styles from './frame-layer.module.css';

/** The way of the connection that is followed, leg by leg, and the leg of the frame that is selected. */
export function RouteLayer({ layout }: { readonly layout: Layout }): ReactNode {
  const flow = usePackets((state) => state.flow);
  const selected = usePackets((state) => state.selected);
  // frames that come may go where none went before
  usePackets((state) => state.version);
  const { byId } = frameLog.plugs;
  const geometry = useMemo(() => createGeometry(layout, byId), [layout, byId]);
  const legs = flow === undefined ? [] : routeOf(frameLog, flow);
  const one = selected === undefined ? undefined : legOf(frameLog, selected);
  return (
    <g>
      {legs.map((leg) => (
        <LegLine key={`${leg.from}/${leg.to}/${leg.reply}/${leg.envelope}`} geometry={geometry} leg={leg} />
      ))}
      {one !== undefined && <Selected geometry={geometry} leg={one} />}
      {legs.map((leg) => (
        <LegNumber key={leg.step} geometry={geometry} leg={leg} />
      ))}
    </g>
  );
}

interface LegProps {
  readonly geometry: Geometry;
  readonly leg: Leg;
}

const colourOf = ({ server }: Leg): string => (server < 0 ? 'var(--rail)' : markColour(server));

function LegLine({ geometry, leg }: LegProps): ReactNode {
  const way = wayBetween(geometry, leg.from, leg.to, leg.reply);
  if (way === undefined) return null;
  const line = lineOf(way);
  return (
    <g data-leg={leg.step}>
      {leg.envelope && <path className={styles.envelope} d={line} stroke={colourOf(leg)} />}
      <path className={leg.reply ? styles.reply : styles.request} d={line} stroke={colourOf(leg)} />
    </g>
  );
}

/** The order in which the legs were gone: the path is the lesson. */
function LegNumber({ geometry, leg }: LegProps): ReactNode {
  const way = wayBetween(geometry, leg.from, leg.to, leg.reply);
  if (way === undefined) return null;
  const place = { x: 0, y: 0 };
  // there and back on one cable have their numbers apart
  along(way, way.lengths.length > 2 ? 0.86 : 0.34, place);
  return (
    <g transform={`translate(${Math.round(place.x)},${Math.round(place.y)})`}>
      <circle className={styles.step} r={8} stroke={colourOf(leg)} />
      <text className={styles.stepText} textAnchor="middle" y={3.5}>
        {leg.step}
      </text>
    </g>
  );
}

function Selected({ geometry, leg }: LegProps): ReactNode {
  const way = wayBetween(geometry, leg.from, leg.to, leg.reply);
  if (way === undefined) return null;
  const { points } = way;
  const last = points.length - 2;
  const [x = 0, y = 0, bx = 0] = [points[last], points[last + 1], points[last - 2]];
  const turn = x < bx ? 180 : 0;
  return (
    <g className={styles.selected}>
      <path d={lineOf(way)} />
      <path className={styles.head} d="M-9 -5L1 0L-9 5Z" transform={`translate(${x},${y}) rotate(${turn})`} />
    </g>
  );
}

function lineOf({ points }: Way): string {
  let line = '';
  for (let i = 0; i < points.length; i += 2) line += `${i === 0 ? 'M' : 'L'}${points[i]},${points[i + 1]}`;
  return line;
}
