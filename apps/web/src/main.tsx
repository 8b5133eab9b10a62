import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import './app/tokens.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { startLookingAtHa } from './ha/store.ts';
import { endWorker, load, loadPresets, play, startTurning } from './state/run.ts';
import { markLanguage } from './words/locale.ts';

/** What a first visit finds already playing. */
const FIRST = 'stress-one-source';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root"');

markLanguage();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

async function begin(): Promise<void> {
  await loadPresets();
  if ((await load({ kind: 'preset', id: FIRST })).ok) play(true);
}

// a page that is kept for going back keeps its world
window.addEventListener('pagehide', (event) => {
  if (!event.persisted) endWorker();
});

void begin();
startTurning();
startLookingAtHa();
