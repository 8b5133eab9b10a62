import type { Told } from './worker.ts';

// runs the presets in a module worker, and sends what it tells to the server that served this page
const worker = new Worker('worker.js', { type: 'module' });
let sent = Promise.resolve<unknown>(undefined);
worker.addEventListener('message', ({ data }: MessageEvent<Told | 'end'>) => send(data));
worker.addEventListener('error', ({ message }) =>
  send({ id: '', error: message || 'the worker does not start' }),
);

function send(told: Told | 'end'): void {
  sent = sent.then(async () => fetch('told', { method: 'POST', body: JSON.stringify(told) }));
}
