import type { PointerEvent, ReactNode } from 'react';
import { useState } from 'react';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { seek } from '../state/run.ts';
import { focusService, inPlace } from '../state/select.ts';
import { type PageState, page } from '../state/store.ts';
import { clock, percent } from '../words/format.ts';
import type { Plot } from './plot.ts';
import { slicesOf } from './shares.ts';
import * as styles from './timeline.module.css';

/** The instant that the world stands at; dragged, it goes there. Hovering reads the shares of an instant. */
export function Playhead({ plot }: { readonly plot: Plot }): ReactNode {
  const now = usePage((state) => state.seekingNs ?? state.view?.now ?? 0);
  const seeking = usePage((state) => state.seekingNs !== undefined);
  const far = usePage((state) => Math.max(state.view?.now ?? 0, (state.seen.time.at(-1) ?? 0) * 1e9));
  const [drag, setDrag] = useState<number>();
  const [hover, setHover] = useState<number>();
  const secondsAt = (event: PointerEvent): number => {
    const left = event.currentTarget.getBoundingClientRect().left;
    return Math.max(0, Math.min(plot.x.domain()[1] ?? 0, plot.x.invert(event.clientX - left)));
  };
  const x = plot.x(drag ?? now / 1e9);
  return (
    <div
      className={styles.catcher}
      role="slider"
      tabIndex={0}
      aria-label={m.timeline_playhead()}
      aria-valuemin={0}
      aria-valuemax={Math.round(far / 1e9)}
      aria-valuenow={Math.round(now / 1e9)}
      aria-valuetext={clock(now)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag(secondsAt(event));
      }}
      onPointerMove={(event) => {
        setHover(secondsAt(event));
        if (drag !== undefined) setDrag(secondsAt(event));
      }}
      onPointerUp={(event) => {
        if (drag !== undefined) void seek(secondsAt(event) * 1e9);
        setDrag(undefined);
      }}
      onPointerLeave={() => setHover(undefined)}
    >
      <div
        className={[styles.playhead, seeking ? styles.seeking : ''].join(' ')}
        style={{ left: x, height: plot.axisY }}
      />
      {hover !== undefined && <Readout plot={plot} seconds={hover} />}
    </div>
  );
}

function Readout({ plot, seconds }: { readonly plot: Plot; readonly seconds: number }): ReactNode {
  const text = readoutText(page.getState(), seconds);
  if (text === undefined) return null;
  const x = plot.x(seconds);
  const style = x > plot.width - 320 ? { right: plot.width - x + 10 } : { left: x + 10 };
  return (
    <p className={styles.readout} style={{ ...style, top: plot.share(1) + 4 }}>
      {text}
    </p>
  );
}

/** `02:10 · rs1 24 % · rs2 76 %` of the sample around an instant. */
export function readoutText(
  state: Pick<PageState, 'view' | 'serviceKey' | 'series' | 'seen' | 'scenario'>,
  seconds: number,
): string | undefined {
  const service = focusService(state);
  if (service === undefined) return undefined;
  const rows = (state.series.time.at(-1) ?? -1) >= seconds ? state.series : state.seen;
  const servers = inPlace(service, state.scenario);
  const ids = servers.map((server) => server.seriesKeys);
  const slice = slicesOf(rows, ids, rows.time.length).find((one) => one.at >= seconds);
  if (slice === undefined) return undefined;
  const parts = servers
    .map((server, i) => ({ name: server.name, count: slice.counts[i] ?? 0 }))
    .filter((one) => one.count > 0)
    .toSorted((a, b) => b.count - a.count);
  const some = parts.slice(0, 6).map((one) => `${one.name} ${percent(one.count / slice.total)}`);
  const rate = m.timeline_rate({ rate: Math.round(slice.total / Math.max(1, slice.at - slice.from)) });
  return [clock(seconds * 1e9, 0), rate, ...some].join(' · ');
}
