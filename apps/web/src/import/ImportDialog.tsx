import { Dialog } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { useRef } from 'react';
import * as m from '../paraglide/messages.js';
import * as dialog from '../parts/dialog.module.css';
import { DialogHead } from '../parts/DialogHead.tsx';
import { usePage } from '../state/react.ts';
import { page } from '../state/store.ts';
import type { Problem } from '../worker/api.ts';
import { takeFile, takeText } from './intake.ts';
import * as styles from './import.module.css';

/** One's own rules or scenario: a text that is kept until it is taken, and what is wrong with it. */
export function ImportDialog(): ReactNode {
  const open = usePage((state) => state.importOpen);
  const text = usePage((state) => state.importText);
  const refusal = usePage((state) => state.refusal);
  const area = useRef<HTMLTextAreaElement>(null);
  return (
    <Dialog.Root open={open} onOpenChange={(next) => page.setState({ importOpen: next })}>
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog.backdrop} />
        <Dialog.Popup className={dialog.popup} initialFocus={area}>
          <DialogHead title={m.import_title()} />
          <Dialog.Description className={dialog.note}>{m.import_note()}</Dialog.Description>
          <textarea
            ref={area}
            className={styles.text}
            aria-label={m.import_text()}
            aria-invalid={refusal !== undefined}
            spellCheck={false}
            rows={12}
            placeholder={EXAMPLE}
            value={text}
            onChange={(event) => page.setState({ importText: event.target.value })}
          />
          {refusal !== undefined && (
            <Problems problems={refusal.problems} onPlace={(problem) => select(area.current, problem)} />
          )}
          <div className={styles.buttons}>
            <label className={styles.file}>
              {m.import_file()}
              <input
                type="file"
                onChange={(event) => {
                  const file = event.target.files?.[0];
                  if (file !== undefined) void takeFile(file);
                  event.target.value = '';
                }}
              />
            </label>
            <button type="button" className={styles.take} onClick={() => void takeText(text)}>
              {m.import_take()}
            </button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const EXAMPLE = `-A -t 192.168.1.6:80 -s wlc -p 300
-a -t 192.168.1.6:80 -r 192.168.1.11:80 -g -w 1
-a -t 192.168.1.6:80 -r 192.168.1.12:80 -g -w 1`;

const MOST = 20;

interface ProblemsProps {
  readonly problems: readonly Problem[];
  readonly onPlace: (problem: Problem) => void;
}

function Problems({ problems, onPlace }: ProblemsProps): ReactNode {
  return (
    <div role="alert" className={styles.problems}>
      <p>{m.import_refused({ count: problems.length })}</p>
      <ul>
        {problems.slice(0, MOST).map((problem) => (
          <li key={`${problem.line}/${problem.column}/${problem.path}/${problem.found}`}>
            {problem.line > 0 && (
              <button type="button" onClick={() => onPlace(problem)}>
                {m.import_place({ line: problem.line, column: problem.column })}
              </button>
            )}
            {problem.path !== '' && <code>{problem.path}</code>}
            <span>{m.import_found({ found: problem.found, wanted: problem.wanted })}</span>
          </li>
        ))}
      </ul>
      {problems.length > MOST && <p>{m.import_more({ count: problems.length - MOST })}</p>}
    </div>
  );
}

/** Puts the cursor where a problem is. */
function select(area: HTMLTextAreaElement | null, { line, column }: Problem): void {
  if (area === null) return;
  const lines = area.value.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const end = start + (lines[line - 1]?.length ?? 0);
  area.focus();
  area.setSelectionRange(Math.min(start + Math.max(0, column - 1), end), end);
}
