import { Popover } from '@base-ui/react/popover';
import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { useRef, useState } from 'react';
import * as gallery from '../palette/palette.module.css';
import * as m from '../paraglide/messages.js';
import { Later } from '../parts/Later.tsx';
import { usePage } from '../state/react.ts';
import { page } from '../state/store.ts';
import { PLAY_BUTTON } from '../transport/Transport.tsx';
import { inLanguage } from '../words/locale.ts';
import * as styles from './topbar.module.css';

const loadGallery = async () => (await import('../palette/Gallery.tsx')).Gallery;

/** The scenario's title; opened, the gallery of presets and the way to one's own rules. */
export function ScenarioMenu(): ReactNode {
  const [open, setOpen] = useState(false);
  const chosen = useRef(false);
  const title = usePage((state) => state.scenario?.title);
  const shown = title === undefined ? m.scenario_none() : inLanguage(title);
  return (
    <Popover.Root
      open={open}
      onOpenChange={(next) => {
        chosen.current = false;
        setOpen(next);
      }}
    >
      <Popover.Trigger className={styles.scenario} aria-label={m.scenario_label({ title: shown })}>
        <span>{shown}</span>
        <ChevronDown size={14} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className={styles.positioner} sideOffset={6} align="start">
          <Popover.Popup
            className={gallery.gallery}
            aria-label={m.gallery_title()}
            // the next press of the space bar means time, not the gallery again
            finalFocus={() => (chosen.current ? document.getElementById(PLAY_BUTTON) : true)}
          >
            <Later
              load={loadGallery}
              props={{
                onDone: () => {
                  chosen.current = true;
                  setOpen(false);
                },
              }}
              fallback={<p className={gallery.empty}>{m.scenario_none()}</p>}
            />
            <div className={gallery.foot}>
              <button
                type="button"
                onClick={() => {
                  setOpen(false);
                  page.setState({ importOpen: true });
                }}
              >
                {m.import_menu()}
              </button>
            </div>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
