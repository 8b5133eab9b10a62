import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import { Later } from '../parts/Later.tsx';
import { PageDialog } from '../parts/PageDialog.tsx';
import { panels, usePanels } from '../state/panels.ts';

const loadAnswers = async () => (await import('./Answers.tsx')).Answers;

/** "Weight is 0, why does it still get traffic?": every case answered, and those that hold now. */
export function WeightZero(): ReactNode {
  const open = usePanels((state) => state.weightZeroOpen);
  return (
    <PageDialog
      title={m.zero_title()}
      open={open}
      onOpenChange={(next) => panels.setState({ weightZeroOpen: next })}
      width={1180}
    >
      <Later load={loadAnswers} props={{}} fallback={<p>…</p>} />
    </PageDialog>
  );
}
