import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import * as dialog from '../parts/dialog.module.css';
import { Later } from '../parts/Later.tsx';
import { panels, usePanels } from '../state/panels.ts';
import * as styles from './weight-zero.module.css';

const loadAnswers = async () => (await import('./Answers.tsx')).Answers;

/** "Weight is 0, why does it still get traffic?": every case answered, and those that hold now. */
export function WeightZero(): ReactNode {
  const open = usePanels((state) => state.weightZeroOpen);
  return (
    <Dialog.Root open={open} onOpenChange={(next) => panels.setState({ weightZeroOpen: next })}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.backdrop} />
        <Dialog.Popup className={styles.popup}>
          <div className={dialog.head}>
            <Dialog.Title className={dialog.title}>{m.zero_title()}</Dialog.Title>
            <Dialog.Close className={dialog.close} aria-label={m.close()}>
              <X size={16} />
            </Dialog.Close>
          </div>
          <Later load={loadAnswers} props={{}} fallback={<p>…</p>} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
