import { Command } from 'cmdk';
import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { fit } from './find.ts';
import * as styles from './palette.module.css';
import { Scenarios } from './Scenarios.tsx';

/** The presets by groups, narrowed by typing; the present one is chosen at first. */
export function Gallery({ onDone }: { readonly onDone: () => void }): ReactNode {
  const presetId = usePage((state) => state.presetId);
  return (
    <Command
      className={styles.palette}
      label={m.gallery_title()}
      filter={fit}
      loop
      {...(presetId === undefined ? {} : { defaultValue: presetId })}
    >
      <Command.Input
        autoFocus
        className={styles.input}
        placeholder={m.gallery_placeholder()}
        aria-label={m.gallery_title()}
      />
      <Command.List className={styles.list} label={m.gallery_title()}>
        <Scenarios onDone={onDone} />
        <Command.Empty className={styles.empty}>{m.gallery_none()}</Command.Empty>
      </Command.List>
    </Command>
  );
}
