import type { ServerView, ServiceView } from '@lvscope/cluster';
import type { ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';
import * as m from '../paraglide/messages.js';
import { editWeight } from '../state/commands.ts';
import { execute } from '../state/run.ts';
import * as styles from './ledger.module.css';

interface WeightEditorProps {
  readonly service: ServiceView;
  readonly server: ServerView;
}

const MOST_WEIGHT = 65_535;

/** The weight as a button; touched, it becomes a field, and Enter issues the whole `ipvsadm -e`. */
export function WeightEditor({ service, server }: WeightEditorProps): ReactNode {
  const [text, setText] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  const editing = text !== undefined;
  useEffect(() => {
    if (editing) field.current?.select();
  }, [editing]);
  if (text === undefined) {
    return (
      <button
        type="button"
        className={styles.weight}
        aria-label={m.ledger_edit_weight({ name: server.name, weight: server.weight })}
        onClick={() => setText(String(server.weight))}
      >
        {server.weight}
      </button>
    );
  }
  const commit = (): void => {
    setText(undefined);
    const weight = Number(text);
    const valid = /^\d{1,5}$/.test(text) && weight <= MOST_WEIGHT;
    if (valid && weight !== server.weight)
      void execute(service.director, editWeight(service, server, weight));
  };
  return (
    <input
      ref={field}
      className={styles.weightField}
      aria-label={m.ledger_weight_of({ name: server.name })}
      inputMode="numeric"
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => setText(undefined)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
        if (event.key === 'Escape') setText(undefined);
        event.stopPropagation();
      }}
    />
  );
}
