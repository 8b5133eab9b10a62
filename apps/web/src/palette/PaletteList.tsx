import { Command } from 'cmdk';
import type { ReactNode } from 'react';
import { useState } from 'react';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { execute } from '../state/run.ts';
import { focusService } from '../state/select.ts';
import { ACTIONS } from '../transport/actions.ts';
import { fit } from './find.ts';
import * as styles from './palette.module.css';
import { Scenarios } from './Scenarios.tsx';

/** Actions with their keys, scenarios, and what was typed as a command line. */
export function PaletteList({ onDone }: { readonly onDone: () => void }): ReactNode {
  const [search, setSearch] = useState('');
  return (
    <Command className={styles.palette} label={m.palette_title()} filter={fit} loop>
      <Command.Input
        autoFocus
        className={styles.input}
        placeholder={m.palette_placeholder()}
        aria-label={m.palette_title()}
        value={search}
        onValueChange={setSearch}
      />
      <Command.List className={styles.list} label={m.palette_title()}>
        <Command.Group heading={m.palette_actions()} className={styles.group}>
          {ACTIONS.map((action) => (
            <Command.Item
              key={action.id}
              className={styles.item}
              value={action.id}
              keywords={[action.label(), action.keyText]}
              onSelect={() => {
                onDone();
                action.run();
              }}
            >
              <span className={styles.tick} />
              {action.label()}
              <kbd>{action.keyText}</kbd>
            </Command.Item>
          ))}
        </Command.Group>
        <Scenarios onDone={onDone} />
        <AsCommand line={search.trim()} onDone={onDone} />
      </Command.List>
    </Command>
  );
}

/** What was typed, carried out on the director. */
function AsCommand({ line, onDone }: { readonly line: string; readonly onDone: () => void }): ReactNode {
  const director = usePage((state) => focusService(state)?.director ?? state.scenario?.hosts[0]?.name);
  if (director === undefined || line === '') return null;
  return (
    <Command.Group heading={m.palette_command()} className={styles.group} forceMount>
      <Command.Item
        className={styles.item}
        value={`run ${line}`}
        forceMount
        onSelect={() => {
          onDone();
          void execute(director, line);
        }}
      >
        <span className={styles.tick} />
        <code>
          {director}# {line}
        </code>
      </Command.Item>
    </Command.Group>
  );
}
