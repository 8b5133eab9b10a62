import { Check, X } from 'lucide-react';
import type { Remedy, Scenario } from '@lvscope/scenario';
import type { ReactNode } from 'react';
import { useState } from 'react';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { execute } from '../state/run.ts';
import { inLanguage } from '../words/locale.ts';
import * as styles from './remedies.module.css';

/** Ways to put right what the scenario shows, and ways that do not help: each types its commands. */
export function Remedies(): ReactNode {
  const scenario = usePage((state) => state.scenario);
  if (scenario === undefined || scenario.remedies.length === 0) return null;
  return <Ways key={scenario.name} scenario={scenario} />;
}

function Ways({ scenario }: { readonly scenario: Scenario }): ReactNode {
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
