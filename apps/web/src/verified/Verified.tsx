import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import * as dialog from '../parts/dialog.module.css';
import { Later } from '../parts/Later.tsx';
import { panels, usePanels } from '../state/panels.ts';
import * as styles from './verified.module.css';

const loadReport = async () => (await import('./Report.tsx')).Report;

/** What the simulator was held against: each recording of a real kernel, and what is known to differ. */
export function Verified(): ReactNode {
  const open = usePanels((state) => state.verifiedOpen);
  return (
    <Dialog.Root open={open} onOpenChange={(next) => panels.setState({ verifiedOpen: next })}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.backdrop} />
        <Dialog.Popup className={styles.popup}>
          <div className={dialog.head}>
            <Dialog.Title className={dialog.title}>{m.verified_title()}</Dialog.Title>
            <Dialog.Close className={dialog.close} aria-label={m.close()}>
              <X size={16} />
            </Dialog.Close>
          </div>
          <Later load={loadReport} props={{}} fallback={<p>…</p>} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
