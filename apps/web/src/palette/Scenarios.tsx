import { Command } from 'cmdk';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { usePage } from '../state/react.ts';
import { load, play } from '../state/run.ts';
import { inLanguage } from '../words/locale.ts';
import { shelves } from './groups.ts';
import * as styles from './palette.module.css';

async function choose(id: string): Promise<void> {
  if ((await load({ kind: 'preset', id })).ok) play(true);
}

/** The gallery, group by group; words of the other language and of the lesson find a preset too. */
export function Scenarios({ onDone }: { readonly onDone: () => void }): ReactNode {
  const presets = usePage((state) => state.presets);
  const presetId = usePage((state) => state.presetId);
  return shelves(presets).map((shelf) => (
    <Command.Group key={shelf.group} heading={shelf.name} className={styles.group}>
      {shelf.presets.map(({ id, title, lesson }) => (
        <Command.Item
          key={id}
          className={styles.item}
          value={id}
          keywords={[shelf.name, title.en, title.zh, lesson.en, lesson.zh]}
          data-current={id === presetId}
          onSelect={() => {
            onDone();
            void choose(id);
          }}
        >
          <span className={styles.tick}>{id === presetId && <Check size={13} />}</span>
          {inLanguage(title)}
        </Command.Item>
      ))}
    </Command.Group>
  ));
}
