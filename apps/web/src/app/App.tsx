import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { Capacity } from '../capacity/Capacity.tsx';
import { DropZone } from '../import/DropZone.tsx';
import { ImportDialog } from '../import/ImportDialog.tsx';
import { Notices } from '../import/Notices.tsx';
import { Ledger } from '../ledger/Ledger.tsx';
import { Inspector } from '../packets/Inspector.tsx';
import { usePackets } from '../packets/store.ts';
import * as m from '../paraglide/messages.js';
import { Record } from '../record/Record.tsx';
import { Stage } from '../stage/Stage.tsx';
import { Palette } from '../palette/Palette.tsx';
import { useShortPage } from '../parts/useMedia.ts';
import { usePanels } from '../state/panels.ts';
import { usePage } from '../state/react.ts';
import { Timeline } from '../timeline/Timeline.tsx';
import { TopBar } from '../topbar/TopBar.tsx';
import { actionFor } from '../transport/actions.ts';
import { Help } from '../transport/Help.tsx';
import { titleOf } from '../transport/Transport.tsx';
import { Verified } from '../verified/Verified.tsx';
import { WeightZero } from '../weight-zero/WeightZero.tsx';
import { Why } from '../why/Why.tsx';
import * as styles from './app.module.css';

/** The one screen: who gets the load, why, and what was changed. */
export function App(): ReactNode {
  useKeys();
  useDocument();
  const language = usePage((state) => state.language);
  const broken = usePage((state) => state.broken);
  const wide = usePanels((state) => state.wide);
  const short = useShortPage();
  const inspecting = usePackets((state) => state.selected !== undefined);
  const drawer = usePackets((state) => state.drawer);
  return (
    // another language draws every word anew
    <div className={styles.page} key={language}>
      <TopBar />
      <main className={styles.main} data-wide={wide} data-drawer={drawer}>
        <div className={styles.stage}>
          <Stage />
          <Notices />
        </div>
        <div className={styles.side}>
          {inspecting ? (
            <Inspector />
          ) : (
            <>
              <Capacity />
              <Ledger />
              {!short && <Why />}
            </>
          )}
          {/* on a short page, and over the list, the open frame needs the whole column */}
          {!(inspecting && (short || drawer === 'packets')) && <Record />}
        </div>
        <div className={styles.time}>
          <Timeline />
        </div>
      </main>
      {broken !== undefined && <Broken words={broken} />}
      <ImportDialog />
      <Help />
      <Palette />
      <Verified />
      <WeightZero />
      <DropZone />
    </div>
  );
}

function Broken({ words }: { readonly words: string }): ReactNode {
  return (
    <div className={styles.broken} role="alert">
      <p>{m.broken({ words })}</p>
      <button type="button" onClick={() => window.location.reload()}>
        {m.reload()}
      </button>
    </div>
  );
}

function useKeys(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const action = actionFor(event);
      if (action === undefined) return;
      event.preventDefault();
      action.run();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}

/** Theme and title live on the document. */
function useDocument(): void {
  const theme = usePage((state) => state.theme);
  const language = usePage((state) => state.language);
  const title = usePage((state) => state.scenario?.title);
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  useEffect(() => {
    document.title = titleOf(title);
  }, [title, language]);
}
