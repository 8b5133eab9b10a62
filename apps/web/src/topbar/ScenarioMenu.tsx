import { Menu } from '@base-ui/react/menu';
import { Check, ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { load, play } from '../state/run.ts';
import { page } from '../state/store.ts';
import { inLanguage } from '../words/locale.ts';
import * as styles from './topbar.module.css';

/** The scenario's title; opened, the gallery of presets and the way to one's own rules. */
export function ScenarioMenu(): ReactNode {
  const title = usePage((state) => state.scenario?.title);
  const presets = usePage((state) => state.presets);
  const presetId = usePage((state) => state.presetId);
  const shown = title === undefined ? m.scenario_none() : inLanguage(title);
  const choose = async (id: string): Promise<void> => {
    if ((await load({ kind: 'preset', id })).ok) play(true);
  };
  return (
    <Menu.Root>
      <Menu.Trigger className={styles.scenario} aria-label={m.scenario_label({ title: shown })}>
        <span>{shown}</span>
        <ChevronDown size={14} />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className={styles.positioner} sideOffset={6} align="start">
          <Menu.Popup className={styles.menu}>
            <Menu.RadioGroup value={presetId ?? ''} onValueChange={(id: string) => void choose(id)}>
              {presets.map((preset) => (
                <Menu.RadioItem key={preset.id} value={preset.id} className={styles.item} closeOnClick>
                  <span className={styles.tick}>
                    <Menu.RadioItemIndicator>
                      <Check size={13} />
                    </Menu.RadioItemIndicator>
                  </span>
                  {inLanguage(preset.title)}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
            <Menu.Separator className={styles.separator} />
            <Menu.Item className={styles.item} onClick={() => page.setState({ importOpen: true })}>
              <span className={styles.tick} />
              {m.import_menu()}
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
