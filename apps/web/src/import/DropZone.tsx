import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import * as m from '../paraglide/messages.js';
import { takeFile, takeText } from './intake.ts';
import * as styles from './import.module.css';

/** The whole page takes files that are dropped and texts that are pasted, except into fields. */
export function DropZone(): ReactNode {
  const [over, setOver] = useState(false);
  useEffect(() => listen(setOver), []);
  return over ? <div className={styles.drop}>{m.drop_here()}</div> : null;
}

function listen(setOver: (over: boolean) => void): () => void {
  const stop = new AbortController();
  const options = { signal: stop.signal };
  const accept = (event: DragEvent): void => {
    event.preventDefault();
    setOver(true);
  };
  document.addEventListener('dragenter', accept, options);
  document.addEventListener('dragover', accept, options);
  document.addEventListener(
    'dragleave',
    (event) => {
      if (event.relatedTarget === null) setOver(false);
    },
    options,
  );
  document.addEventListener(
    'drop',
    (event) => {
      event.preventDefault();
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) void takeFile(file);
      else void takeText(event.dataTransfer?.getData('text/plain') ?? '');
    },
    options,
  );
  document.addEventListener('paste', paste, options);
  return () => stop.abort();
}

function paste(event: ClipboardEvent): void {
  const target = event.target;
  if (target instanceof Element && target.closest('input, textarea, [contenteditable]') !== null) return;
  const file = event.clipboardData?.files[0];
  const text = event.clipboardData?.getData('text/plain') ?? '';
  if (file === undefined && text === '') return;
  event.preventDefault();
  void (file === undefined ? takeText(text) : takeFile(file));
}
