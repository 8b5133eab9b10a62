import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import { Later } from '../parts/Later.tsx';
import { PageDialog } from '../parts/PageDialog.tsx';
import { panels, usePanels } from '../state/panels.ts';

const loadReport = async () => (await import('./Report.tsx')).Report;

/** What the simulator was held against: each recording of a real kernel, and what is known to differ. */
export function Verified(): ReactNode {
  const open = usePanels((state) => state.verifiedOpen);
  return (
    <PageDialog
      title={m.verified_title()}
      open={open}
      onOpenChange={(next) => panels.setState({ verifiedOpen: next })}
      width={920}
    >
      <Later load={loadReport} props={{}} fallback={<p>…</p>} />
    </PageDialog>
  );
}
