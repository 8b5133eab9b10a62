import { Dialog } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import * as dialog from '../parts/dialog.module.css';
import { DialogHead } from '../parts/DialogHead.tsx';
import { usePage } from '../state/react.ts';
import { page } from '../state/store.ts';
import { ACTIONS } from './actions.ts';

/** The keys, all of them. */
export function Help(): ReactNode {
  const open = usePage((state) => state.helpOpen);
  return (
    <Dialog.Root open={open} onOpenChange={(next) => page.setState({ helpOpen: next })}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.backdrop} />
        <Dialog.Popup className={dialog.popup}>
          <DialogHead title={m.help_title()} />
          <dl className={dialog.keys}>
            {ACTIONS.map((action) => (
              <div key={action.id}>
                <dt>
                  <kbd>{action.keyText}</kbd>
                </dt>
                <dd>{action.label()}</dd>
              </div>
            ))}
          </dl>
          <Dialog.Description className={dialog.note}>{m.help_note()}</Dialog.Description>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
