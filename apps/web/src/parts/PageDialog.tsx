import { Dialog } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { DialogHead } from './DialogHead.tsx';
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
          <DialogHead title={title} />
          <div className={styles.body} tabIndex={0} role="region" aria-label={title}>
            {children}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
