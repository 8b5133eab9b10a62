import { Command, useCommandState } from 'cmdk';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { usePage } from '../state/react.ts';
import { load, play } from '../state/run.ts';
import { inLanguage } from '../words/locale.ts';
import { fit } from './find.ts';
import { type Shelf, shelves } from './groups.ts';
import * as styles from './palette.module.css';

async function choose(id: string): Promise<void> {
  if ((await load({ kind: 'preset', id })).ok) play(true);
}

type Preset = Shelf['presets'][number];

/** Words of the other language and of the lesson find a preset too. */
const keywordsOf = ({ name }: Shelf, { title, lesson }: Preset): string[] => [
  name,
  title.en,
  title.zh,
  lesson.en,
  lesson.zh,
];

/** The groups by how well the best of each fits what was typed: cmdk orders the items of a group only. */
function byBestFind(all: readonly Shelf[], search: string): Shelf[] {
  if (search === '') return [...all];
  const ranked = all.map((shelf) => ({
    shelf,
    best: Math.max(...shelf.presets.map((preset) => fit(preset.id, search, keywordsOf(shelf, preset)))),
  }));
  return ranked.toSorted((a, b) => b.best - a.best).map(({ shelf }) => shelf);
}

/** The gallery, group by group; while somebody types, the group with the best find first. */
export function Scenarios({ onDone }: { readonly onDone: () => void }): ReactNode {
  const presets = usePage((state) => state.presets);
  const presetId = usePage((state) => state.presetId);
  const search = useCommandState((state) => state.search);
  return byBestFind(shelves(presets), search).map((shelf) => (
    <Command.Group key={shelf.group} heading={shelf.name} className={styles.group}>
      {shelf.presets.map((preset) => (
        <Command.Item
          key={preset.id}
          className={styles.item}
          value={preset.id}
          keywords={keywordsOf(shelf, preset)}
          data-current={preset.id === presetId}
          onSelect={() => {
            onDone();
            void choose(preset.id);
          }}
        >
          <span className={styles.tick}>{preset.id === presetId && <Check size={13} />}</span>
          {inLanguage(preset.title)}
        </Command.Item>
      ))}
    </Command.Group>
  ));
}
