import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { page } from '../state/store.ts';
import { inLanguage } from '../words/locale.ts';
import * as styles from './import.module.css';

/** What an import took for granted, and what a new run stands for; told until it is put away. */
export function Notices(): ReactNode {
  const assumptions = usePage((state) => (state.assumptionsOpen ? state.scenario?.assumptions : undefined));
  const notice = usePage((state) => state.notice);
  if (assumptions === undefined && notice === undefined) return null;
  return (
    <div className={styles.notices}>
      {assumptions !== undefined && (
        <Note title={m.assumptions_title()} onClose={() => page.setState({ assumptionsOpen: false })}>
          <ul>
            {assumptions.map((words) => (
              <li key={words.en}>{inLanguage(words)}</li>
            ))}
          </ul>
        </Note>
      )}
      {notice !== undefined && (
        <Note title={m.new_run_title()} onClose={() => page.setState({ notice: undefined })}>
          <pre tabIndex={0} aria-label={m.new_run_script()}>
            {notice.script
              .map(({ host, lines }) => lines.map((line) => `${host}# ${line}`).join('\n'))
              .join('\n')}
          </pre>
        </Note>
      )}
    </div>
  );
}

interface NoteProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

function Note({ title, onClose, children }: NoteProps): ReactNode {
  return (
    <section className={styles.noteBox} aria-label={title}>
      <h2>
        {title}
        <button type="button" aria-label={m.dismiss()} onClick={onClose}>
          <X size={14} />
        </button>
      </h2>
      {children}
    </section>
  );
}
