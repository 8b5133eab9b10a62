import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import * as styles from './dialog.module.css';

interface PageDialogProps {
  readonly title: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** Pixels at the most. */
  readonly width: number;
  readonly children: ReactNode;
}

/** A dialog as tall as a page: its title stays where it is, what it holds is scrolled. */
export function PageDialog({ title, open, onOpenChange, width, children }: PageDialogProps): ReactNode {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.page} style={{ maxWidth: width }}>
          <div className={styles.head}>
            <Dialog.Title className={styles.title}>{title}</Dialog.Title>
            <Dialog.Close className={styles.close} aria-label={m.close()}>
              <X size={16} />
            </Dialog.Close>
          </div>
          <div className={styles.body} tabIndex={0} role="region" aria-label={title}>
            {children}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
