import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import * as m from './paraglide/messages.js';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root"');

createRoot(root).render(
  <StrictMode>
    <main>
      <h1>{m.app_name()}</h1>
    </main>
  </StrictMode>,
);
