import { Dialog } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { useEffect } from 'react';
import * as m from '../paraglide/messages.js';
import { Later } from '../parts/Later.tsx';
import { panels, usePanels } from '../state/panels.ts';
import * as styles from './palette.module.css';

const loadList = async () => (await import('./PaletteList.tsx')).PaletteList;

/** Its code comes when the page stands. */
const LOAD_AFTER_MS = 1000;

/** Everything that can be chosen or done, found by typing: Ctrl-K. */
export function Palette(): ReactNode {
  const open = usePanels((state) => state.paletteOpen);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      // in a terminal the key cuts the rest of the line
      if (event.target instanceof Element && event.target.closest('.xterm') !== null) return;
      event.preventDefault();
      panels.setState({ paletteOpen: !panels.getState().paletteOpen });
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
  useEffect(() => {
    // so that what is typed right behind the key is not lost
    const timer = setTimeout(() => void loadList(), LOAD_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Dialog.Root open={open} onOpenChange={(next) => panels.setState({ paletteOpen: next })}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.popup} aria-label={m.palette_title()}>
          <Later
            load={loadList}
            props={{ onDone: () => panels.setState({ paletteOpen: false }) }}
            fallback={<p className={styles.empty}>{m.scenario_none()}</p>}
          />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
