import { type CapturedFrame, columns, dissect } from '@lvscope/capture';
import { parseIpv4 } from '@lvscope/inet';
import { ChevronLeft, ChevronRight, Route, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useMemo } from 'react';
import { useKept } from '../parts/useKept.ts';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { pick } from '../state/run.ts';
import type { DecisionId } from '../worker/api.ts';
import { Bytes } from './Bytes.tsx';
import { FieldTree } from './FieldTree.tsx';
import { hopOf, hopText, reasonText } from './hop-text.ts';
import { flowAt, frameAt, reasonsFor } from './log.ts';
import { walkFrames } from './PacketList.tsx';
import { followFrame, frameLog, selectFrame, usePackets } from './store.ts';
import * as styles from './inspector.module.css';

/** One frame, layer by layer: what the hop changed, why, and every byte. */
export function Inspector(): ReactNode {
  const selected = usePackets((state) => state.selected);
  // reasons come after their frames
  usePackets((state) => state.version);
  // a frame does not change, but time may go back before it
  const frame = useKept(
    `${frameLog.epoch}/${selected}`,
    selected === undefined ? undefined : frameAt(frameLog, selected),
  );
  if (frame === undefined) return null;
  return <Opened frame={frame} />;
}

function Opened({ frame }: { readonly frame: CapturedFrame }): ReactNode {
  const scenario = usePage((state) => state.scenario);
  const services = usePage((state) => state.view?.services);
  const roles = useMemo(
    () => new Map((scenario?.hosts ?? []).map(({ name, role }) => [name, role])),
    [scenario],
  );
  const virtual = useMemo(() => virtualAddresses(services ?? []), [services]);
  const hop = hopOf(frameLog, frame, roles, virtual);
  const { title, text } = hopText(hop, frame);
  const dissection = useMemo(() => dissect(frame), [frame]);
  const before = useMemo(() => (hop.before === undefined ? undefined : dissect(hop.before)), [hop.before]);
  const reasons = frame.record.direction === 'in' ? reasonsFor(frameLog, frame, hop.host) : [];
  return (
    <section className={styles.inspector} aria-label={m.inspector_title()} data-hop={hop.kind}>
      <Head frame={frame} />
      <div className={styles.body}>
        <p className={styles.sentence}>
          <b>{title}</b> {text}
        </p>
        {reasons.map((reason) => (
          <p key={reason.index} className={styles.reason} data-kind={reason.kind}>
            {reasonText(reason)}{' '}
            {reason.kind === 'decision' && (
              <button
                type="button"
                className={styles.link}
                onClick={() => why({ director: reason.host, seq: reason.decision })}
              >
                {m.reason_why()}
              </button>
            )}
          </p>
        ))}
        <FieldTree dissection={dissection} changes={hop.changes} />
        <Bytes dissection={dissection} before={before} changes={hop.changes} />
      </div>
    </section>
  );
}

/** Shows the decision in its own place, without the frame over it. */
function why(decision: DecisionId): void {
  selectFrame(undefined);
  pick(decision);
}

function virtualAddresses(services: readonly { readonly label: string }[]): ReadonlySet<number> {
  const found = services.map(({ label }) => parseIpv4(/\d+\.\d+\.\d+\.\d+/.exec(label)?.[0] ?? ''));
  return new Set(found.filter((one) => one !== undefined));
}

function Head({ frame }: { readonly frame: CapturedFrame }): ReactNode {
  const { record } = frame;
  const where = frameLog.plugs.byId.get(record.interfaceId)?.label ?? '';
  const { protocol, length } = columns(frame);
  const seconds = (record.at / 1e9).toFixed(6);
  const hasFlow = flowAt(frameLog, record.index) >= 0;
  return (
    <header className={styles.head}>
      <h2 className={styles.title}>
        {m.inspector_frame({ number: record.index + 1 })}
        <span>
          {protocol} · {where} {record.direction === 'in' ? '←' : '→'} · {seconds} s · {length} B
        </span>
      </h2>
      {hasFlow && (
        <button type="button" className={styles.follow} onClick={() => followFrame(record.index)}>
          <Route size={13} aria-hidden="true" /> {m.inspector_follow()}
        </button>
      )}
      <Step by={-1} />
      <Step by={1} />
      <button
        type="button"
        className={styles.icon}
        aria-label={m.close()}
        title={`${m.close()} (Esc)`}
        onClick={() => selectFrame(undefined)}
      >
        <X size={15} />
      </button>
    </header>
  );
}

function Step({ by }: { readonly by: -1 | 1 }): ReactNode {
  const name = by < 0 ? m.action_previous_frame() : m.action_next_frame();
  return (
    <button
      type="button"
      className={styles.icon}
      aria-label={name}
      title={`${name} (${by < 0 ? 'N' : 'n'})`}
      onClick={() => walkFrames(by)}
    >
      {by < 0 ? <ChevronLeft size={15} /> : <ChevronRight size={15} />}
    </button>
  );
}
