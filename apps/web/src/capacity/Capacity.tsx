import { CAPACITY_SOURCES, capacityScenario, type CapacityAssumptions, type Method } from '@lvscope/scenario';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { load, play } from '../state/run.ts';
import { focusWorkload } from '../state/select.ts';
import { page } from '../state/store.ts';
import { integer } from '../words/format.ts';
import { inLanguage } from '../words/locale.ts';
import { type CapacityRun, type CapacitySettings, offeredBy, settingsOf, withRun } from './assumptions.ts';
import * as styles from './capacity.module.css';
import { Chart } from './Chart.tsx';
import { type Measurement, measureCurve } from './measure.ts';

/** Before this much simulated time a rate says nothing. Seconds. */
const SETTLED_SECONDS = 5;

/** How many servers one director feeds: the assumptions, where they come from, and what came of them. */
export function Capacity(): ReactNode {
  const scenario = usePage((state) => state.scenario);
  const settings = scenario === undefined ? undefined : settingsOf(scenario);
  if (settings === undefined) return null;
  // another document begins with its own numbers
  return <Panel key={JSON.stringify(settings)} settings={settings} />;
}

function Panel({ settings }: { readonly settings: CapacitySettings }): ReactNode {
  const answered = usePage((state) => focusWorkload(state)?.requestsPerSecond ?? 0);
  const settled = usePage((state) => (state.view?.now ?? 0) >= SETTLED_SECONDS * 1e9);
  const kept = usePage((state) => state.capacityRuns);
  const { method, servers } = settings;
  const here: CapacityRun = { method, servers, offered: offeredBy(settings), answered };
  const runs = settled ? withRun(kept, here) : kept;
  return (
    <section className={styles.panel} aria-label={m.capacity_title()}>
      <h2>{m.capacity_title()}</h2>
      <Fields settings={settings} onRun={(next) => void again(settings, next, runs)} />
      <p className={styles.outcome}>
        {settled
          ? m.capacity_outcome({
              answered: integer(Math.round(answered)),
              offered: integer(Math.round(here.offered)),
            })
          : m.capacity_settling({ seconds: SETTLED_SECONDS })}
      </p>
      <Curve settings={settings} />
      <Chart runs={runs} />
    </section>
  );
}

/** The button that measures the whole curve under these assumptions. */
function Curve({ settings }: { readonly settings: CapacitySettings }): ReactNode {
  const [measurement, setMeasurement] = useState<Measurement>();
  const running = measurement !== undefined;
  useEffect(() => () => measurement?.stop(), [measurement]);
  return (
    <button
      type="button"
      className={styles.curve}
      onClick={() => {
        setMeasurement(
          running ? undefined : measureCurve(settings.assumptions, () => setMeasurement(undefined)),
        );
      }}
    >
      {running ? m.capacity_stop() : m.capacity_curve()}
    </button>
  );
}

async function again(
  now: CapacitySettings,
  next: CapacitySettings,
  runs: readonly CapacityRun[],
): Promise<void> {
  const same = JSON.stringify(now.assumptions) === JSON.stringify(next.assumptions);
  const scenario = capacityScenario(next.method, next.servers, next.assumptions);
  const answer = await load({ kind: 'document', scenario });
  if (!answer.ok) return;
  // outcomes under other assumptions are another curve
  page.setState({ capacityRuns: same ? runs : [] });
  play(true);
}

type Field = keyof CapacityAssumptions | 'servers';

/** What a field shows: units that people use, not those of the document. */
const UNIT: Readonly<Record<Field, number>> = {
  servers: 1,
  bandwidthMbps: 1,
  packetCostNs: 1000,
  serverBytesPerSecond: 1000,
  responseBytes: 1,
};

interface FieldsProps {
  readonly settings: CapacitySettings;
  readonly onRun: (next: CapacitySettings) => void;
}

function Fields({ settings, onRun }: FieldsProps): ReactNode {
  const [method, setMethod] = useState<Method>(settings.method);
  const [texts, setTexts] = useState<Readonly<Record<Field, string>>>(() => textsOf(settings));
  const next = readTexts(texts, method);
  const field = (name: Field, label: string, source: string): ReactNode => (
    <label>
      <span>{label}</span>
      <input
        inputMode="decimal"
        value={texts[name]}
        aria-invalid={!valid(texts[name])}
        onChange={(event) => setTexts({ ...texts, [name]: event.target.value })}
      />
      <small>{source}</small>
    </label>
  );
  return (
    <form
      className={styles.fields}
      onSubmit={(event) => {
        event.preventDefault();
        if (next !== undefined) onRun(next);
      }}
    >
      <label>
        <span>{m.chip_forwarding()}</span>
        <select value={method} onChange={(event) => setMethod(methodFrom(event.target.value))}>
          <option value="nat">NAT</option>
          <option value="tun">TUN</option>
          <option value="dr">DR</option>
        </select>
        <small />
      </label>
      {field('servers', m.chip_servers(), '')}
      {field('bandwidthMbps', m.capacity_bandwidth(), inLanguage(CAPACITY_SOURCES.bandwidthMbps))}
      {field('packetCostNs', m.capacity_cost(), inLanguage(CAPACITY_SOURCES.packetCostNs))}
      {field('serverBytesPerSecond', m.capacity_server(), inLanguage(CAPACITY_SOURCES.serverBytesPerSecond))}
      {field('responseBytes', m.capacity_reply(), inLanguage(CAPACITY_SOURCES.responseBytes))}
      <button type="submit" disabled={next === undefined}>
        {m.capacity_run()}
      </button>
    </form>
  );
}

function methodFrom(value: string): Method {
  return value === 'tun' || value === 'dr' ? value : 'nat';
}

function textsOf({ servers, assumptions }: CapacitySettings): Record<Field, string> {
  const shown = (name: keyof CapacityAssumptions): string => String(assumptions[name] / UNIT[name]);
  return {
    servers: String(servers),
    bandwidthMbps: shown('bandwidthMbps'),
    packetCostNs: shown('packetCostNs'),
    serverBytesPerSecond: shown('serverBytesPerSecond'),
    responseBytes: shown('responseBytes'),
  };
}

function valid(text: string): boolean {
  return /^\d+(\.\d+)?$/.test(text) && Number(text) > 0 && Number(text) <= 1e9;
}

const MOST_SERVERS = 200;

function readTexts(texts: Readonly<Record<Field, string>>, method: Method): CapacitySettings | undefined {
  const servers = Number(texts.servers);
  if (!Object.values(texts).every(valid) || !Number.isInteger(servers) || servers > MOST_SERVERS)
    return undefined;
  const value = (name: keyof CapacityAssumptions): number => Math.round(Number(texts[name]) * UNIT[name]);
  const assumptions = {
    bandwidthMbps: value('bandwidthMbps'),
    packetCostNs: value('packetCostNs'),
    serverBytesPerSecond: value('serverBytesPerSecond'),
    responseBytes: value('responseBytes'),
  };
  return { method, servers, assumptions };
}
