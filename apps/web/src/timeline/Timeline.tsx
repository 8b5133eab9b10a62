import type { ReactNode } from 'react';
import { useMemo } from 'react';
import { OutageStrip } from '../ha/OutageStrip.tsx';
import { useKept } from '../parts/useKept.ts';
import { useSize } from '../parts/useSize.ts';
import { Drawer } from '../packets/Drawer.tsx';
import { usePackets } from '../packets/store.ts';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { focusService, inPlace } from '../state/select.ts';
import { Transport } from '../transport/Transport.tsx';
import { Areas } from './Areas.tsx';
import { Axis } from './Axis.tsx';
import { Branch } from './Branch.tsx';
import { Flags } from './Flags.tsx';
import { JainLine } from './JainLine.tsx';
import { Playhead } from './Playhead.tsx';
import { plotOf } from './plot.ts';
import { axisEnd } from './shares.ts';
import * as styles from './timeline.module.css';

/** The share of load through time, the skew, and every command as a flag. */
export function Timeline(): ReactNode {
  const drawer = usePackets((state) => state.drawer);
  return (
    <section className={styles.timeline} aria-label={m.timeline_label()}>
      <Transport />
      {drawer === 'packets' ? <Drawer /> : <Field />}
    </section>
  );
}

function Field(): ReactNode {
  const [ref, { width, height }] = useSize<HTMLDivElement>();
  const nowSeconds = usePage((state) => (state.view?.now ?? 0) / 1e9);
  const seenSeconds = usePage((state) => state.seen.time.at(-1) ?? 0);
  const planned = usePage((state) => state.scenario?.durationSeconds ?? 300);
  const end = axisEnd(nowSeconds, seenSeconds, planned);
  const plot = useMemo(() => plotOf(width, height, end), [width, height, end]);
  return (
    <div className={styles.field} ref={ref}>
      {width > 50 && (
        <>
          <svg className={styles.drawing} width={width} height={height} aria-hidden="true">
            <Axis plot={plot} />
            <Drawing plot={plot} />
            <OutageStrip plot={plot} />
            <Branch plot={plot} />
          </svg>
          <Flags plot={plot} />
          <Playhead plot={plot} />
        </>
      )}
    </div>
  );
}

function Drawing({ plot }: { readonly plot: ReturnType<typeof plotOf> }): ReactNode {
  const service = usePage(focusService);
  const scenario = usePage((state) => state.scenario);
  const series = usePage((state) => state.series);
  const seen = usePage((state) => state.seen);
  const key =
    service?.servers.map((server) => `${server.seriesKeys.join('+')}:${server.weight}`).join() ?? '';
  // what is drawn hangs on the servers and their weights, not on each batch's counters
  const kept = useKept(key, service);
  const servers = useMemo(() => (kept === undefined ? [] : inPlace(kept, scenario)), [kept, scenario]);
  return (
    <>
      {seen.time.length > series.time.length && (
        <g opacity={0.28}>
          <Areas plot={plot} rows={seen} servers={servers} />
        </g>
      )}
      <Areas plot={plot} rows={series} servers={servers} />
      <JainLine plot={plot} rows={series} servers={servers} />
    </>
  );
}
