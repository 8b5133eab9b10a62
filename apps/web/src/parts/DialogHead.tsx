import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import * as styles from './dialog.module.css';

/** The first line of a dialog: what it is called, and what closes it. */
export function DialogHead({ title }: { readonly title: string }): ReactNode {
  return (
    <div className={styles.head}>
      <Dialog.Title className={styles.title}>{title}</Dialog.Title>
      <Dialog.Close className={styles.close} aria-label={m.close()}>
        <X size={16} />
      </Dialog.Close>
    </div>
  );
}
