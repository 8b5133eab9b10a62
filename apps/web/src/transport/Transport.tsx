import { ChevronLeft, ChevronRight, Pause, Play, Send, SkipBack, StepForward } from 'lucide-react';
import type { ReactNode } from 'react';
import { DrawerSwitch } from '../packets/DrawerSwitch.tsx';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { setSpeed } from '../state/run.ts';
import { brief, clock, factor, integer } from '../words/format.ts';
import { inLanguage } from '../words/locale.ts';
import type { Speed } from '../state/store.ts';
import { actionOf, speedsFor } from './actions.ts';
import * as styles from './transport.module.css';

export const PLAY_BUTTON = 'play';

/** Play, pause, steps, speed: time as a thing to hold. */
export function Transport(): ReactNode {
  const playing = usePage((state) => state.playing);
  const detail = usePage((state) => state.scenario?.detail);
  return (
    <div className={styles.transport} role="toolbar" aria-label={m.transport_label()}>
      <ActionButton id="time.play" label={playing ? m.transport_pause() : m.transport_play()} main>
        {playing ? <Pause size={16} /> : <Play size={16} />}
      </ActionButton>
      <Clock />
      <ActionButton id="time.start">
        <SkipBack size={14} />
      </ActionButton>
      <ActionButton id="time.back">
        <ChevronLeft size={15} />
      </ActionButton>
      <ActionButton id="time.forward">
        <ChevronRight size={15} />
      </ActionButton>
      <ActionButton id="time.step">
        <StepForward size={14} />
      </ActionButton>
      {detail === 'packet' && (
        <ActionButton id="time.step-frame">
          <Send size={13} />
        </ActionButton>
      )}
      <SpeedChoice />
      <Rates />
      <DrawerSwitch />
      <p className={styles.keys} aria-hidden="true">
        {m.transport_keys()}
      </p>
    </div>
  );
}

interface ActionButtonProps {
  readonly id: string;
  readonly label?: string;
  readonly main?: boolean;
  readonly children: ReactNode;
}

function ActionButton({ id, label, main = false, children }: ActionButtonProps): ReactNode {
  const action = actionOf(id);
  if (action === undefined) return null;
  const name = label ?? action.label();
  return (
    <button
      type="button"
      {...(main ? { id: PLAY_BUTTON } : {})}
      className={main ? styles.main : styles.button}
      aria-label={name}
      aria-keyshortcuts={action.keyText}
      title={`${name} (${action.keyText})`}
      onClick={action.run}
    >
      {children}
    </button>
  );
}

function Clock(): ReactNode {
  const now = usePage((state) => state.view?.now ?? 0);
  const speed = usePage((state) => state.speed);
  const seeking = usePage((state) => state.seekingNs);
  const fine = speed === 'frames' || (typeof speed === 'number' && speed < 1);
  return (
    <p className={styles.clock}>
      <span role="timer" aria-label={m.transport_clock()}>
        {clock(now, fine ? 6 : 3)}
      </span>
      {seeking !== undefined && <em>→ {clock(seeking, 0)}</em>}
    </p>
  );
}

function SpeedChoice(): ReactNode {
  const speed = usePage((state) => state.speed);
  const detail = usePage((state) => state.scenario?.detail);
  return (
    <select
      className={styles.speed}
      aria-label={m.transport_speed()}
      value={String(speed)}
      onChange={(event) => setSpeed(speedOf(event.target.value))}
    >
      {speedsFor(detail).map((one) => (
        <option key={one} value={String(one)}>
          {speedText(one)}
        </option>
      ))}
    </select>
  );
}

function speedOf(value: string): Speed {
  return value === 'max' || value === 'frames' ? value : Number(value);
}

function speedText(speed: Speed): string {
  if (speed === 'frames') return m.transport_frames();
  return speed === 'max' ? m.transport_max() : factor(speed);
}

/** What the load generator sees: requests a second, latency, failures. */
function Rates(): ReactNode {
  const workload = usePage((state) => state.view?.workloads[0]);
  if (workload === undefined) return null;
  const failed = Object.entries(workload.failures).filter(([, count]) => count > 0);
  const failures = failed.map(([kind, count]) => `${failureText(kind)} ${integer(count)}`).join(' · ');
  const { p50, p99 } = workload.latencyMs;
  return (
    <p className={styles.rates}>
      <span>{m.transport_requests({ name: workload.name, rate: brief(workload.requestsPerSecond) })}</span>
      {p50 > 0 && (
        <span className={styles.latency}>
          p50 {brief(p50)} ms · p99 {brief(p99)} ms
        </span>
      )}
      {failures !== '' && (
        <span className={styles.failures} title={failures}>
          {m.transport_failed({ failures })}
        </span>
      )}
    </p>
  );
}

/** Why requests failed, as the load generator counts it. */
function failureText(kind: string): string {
  switch (kind) {
    case 'refused':
      return m.failure_refused();
    case 'reset':
      return m.failure_reset();
    case 'timeout':
      return m.failure_timeout();
    case 'unreachable':
      return m.failure_unreachable();
    case 'ports-exhausted':
      return m.failure_ports();
    default:
      return kind;
  }
}

/** The preset's title for screen readers and the browser's tab. */
export function titleOf(title: { readonly en: string; readonly zh: string } | undefined): string {
  return title === undefined ? 'LVScope' : `${inLanguage(title)} · LVScope`;
}
