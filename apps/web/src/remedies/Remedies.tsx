import { Check, Table2, X } from 'lucide-react';
import type { Remedy, Scenario } from '@lvscope/scenario';
import type { ReactNode } from 'react';
import { useState } from 'react';
import * as m from '../paraglide/messages.js';
import { panels } from '../state/panels.ts';
import { usePage } from '../state/react.ts';
import { execute } from '../state/run.ts';
import { focusService } from '../state/select.ts';
import { asksWeightZero } from '../weight-zero/live.ts';
import { inLanguage } from '../words/locale.ts';
import * as styles from './remedies.module.css';

/** Ways to put right what the scenario shows, and ways that do not help: each types its commands. */
export function Remedies(): ReactNode {
  const scenario = usePage((state) => state.scenario);
  const isAtZero = usePage((state) => focusService(state)?.servers.some((one) => one.weight === 0) ?? false);
  if (scenario === undefined) return null;
  const asks = isAtZero || asksWeightZero(scenario.name);
  if (scenario.remedies.length === 0 && !asks) return null;
  return <Ways key={scenario.name} scenario={scenario} asks={asks} />;
}

interface WaysProps {
  readonly scenario: Scenario;
  /** It raises the question why a server of weight 0 gets traffic. */
  readonly asks: boolean;
}

function Ways({ scenario, asks }: WaysProps): ReactNode {
  const [tried, setTried] = useState<Remedy>();
  const attempt = async (remedy: Remedy): Promise<void> => {
    setTried(remedy);
    for (const { on, run } of remedy.commands) await execute(on, run);
  };
  const cures = scenario.remedies.filter((remedy) => remedy.cures);
  const others = scenario.remedies.filter((remedy) => !remedy.cures);
  return (
    <section className={styles.remedies} aria-label={m.remedies_label()}>
      <p className={styles.row}>
        {cures.length > 0 && <span>{m.remedies_cure()}</span>}
        {cures.map((remedy) => (
          <Way key={remedy.title.en} {...{ remedy, tried }} onTry={attempt} />
        ))}
        {others.length > 0 && <span>{m.remedies_no_cure()}</span>}
        {others.map((remedy) => (
          <Way key={remedy.title.en} {...{ remedy, tried }} onTry={attempt} />
        ))}
        {asks && (
          <button
            type="button"
            className={styles.question}
            onClick={() => panels.setState({ weightZeroOpen: true })}
          >
            <Table2 size={13} aria-hidden="true" /> {m.zero_link()}
          </button>
        )}
      </p>
      <div aria-live="polite">{tried !== undefined && <Outcome remedy={tried} />}</div>
    </section>
  );
}

interface WayProps {
  readonly remedy: Remedy;
  readonly tried: Remedy | undefined;
  readonly onTry: (remedy: Remedy) => Promise<void>;
}

function Way({ remedy, tried, onTry }: WayProps): ReactNode {
  const script = remedy.commands.map(({ on, run }) => `${on}# ${run}`).join('\n');
  return (
    <button
      type="button"
      className={styles.way}
      title={script}
      aria-pressed={remedy === tried}
      onClick={() => void onTry(remedy)}
    >
      {inLanguage(remedy.title)}
    </button>
  );
}

/** What was typed, and why it cures or does not. */
function Outcome({ remedy }: { readonly remedy: Remedy }): ReactNode {
  return (
    <p className={remedy.cures ? styles.cured : styles.uncured}>
      {remedy.cures ? <Check size={14} aria-hidden="true" /> : <X size={14} aria-hidden="true" />}
      <span>
        <b>{remedy.cures ? m.remedies_cured() : m.remedies_uncured()}</b> {inLanguage(remedy.explain)}
      </span>
    </p>
  );
}
