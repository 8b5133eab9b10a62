import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import * as m from '../paraglide/messages.js';
import { askAgain } from '../parts/ask-again.ts';
import { askWeightZero } from '../state/questions.ts';
import { usePage } from '../state/react.ts';
import { focusService } from '../state/select.ts';
import type { WeightZero } from '../worker/api.ts';
import { CellTable } from './CellTable.tsx';
import { Present } from './Present.tsx';
import * as styles from './weight-zero.module.css';

const ASK_EVERY_MS = 300;

/** How the running director is set, and the table in which that is a few cells of 32. */
export function Answers(): ReactNode {
  const service = usePage(focusService);
  const seen = useAnswers(service?.director, service?.id);
  if (service === undefined || seen === undefined) return <p className={styles.note}>{m.ledger_empty()}</p>;
  return (
    <>
      <Present service={service} now={seen.now} />
      <CellTable answers={seen.answers} now={seen.now} />
    </>
  );
}

/** Asked again while it is looked at: a setting may change at any time. */
function useAnswers(director: string | undefined, serviceId: number | undefined): WeightZero | undefined {
  const [seen, setSeen] = useState<WeightZero>();
  const commands = usePage((state) => state.commands.length);
  useEffect(() => {
    if (director === undefined || serviceId === undefined) return undefined;
    return askAgain(ASK_EVERY_MS, async () => askWeightZero(director, serviceId), setSeen);
  }, [director, serviceId, commands]);
  return seen;
}
