import { Menu } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import * as styles from './topbar.module.css';

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly text: string;
  readonly note?: string;
}

interface ChipMenuProps<Value extends string> {
  /** What the chip is about. */
  readonly name: string;
  /** What it is now. */
  readonly shown: string;
  readonly value: Value | undefined;
  readonly choices: readonly Choice<Value>[];
  readonly onChoose: (value: Value) => void;
  /** Stands out: the setting that makes the difference here. */
  readonly strong?: boolean;
  readonly children?: ReactNode;
}

/** A setting as a chip that opens its choices. */
export function ChipMenu<Value extends string>(props: ChipMenuProps<Value>): ReactNode {
  const { name, shown, value, choices, onChoose, strong = false, children } = props;
  return (
    <Menu.Root>
      <Menu.Trigger className={strong ? styles.chipStrong : styles.chip} aria-label={`${name} ${shown}`}>
        <em>{name}</em>
        <b>{shown}</b>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className={styles.positioner} sideOffset={6} align="start">
          <Menu.Popup className={styles.menu}>
            <Menu.RadioGroup value={value ?? ''} onValueChange={(next: Value) => onChoose(next)}>
              {choices.map((choice) => (
                <Menu.RadioItem key={choice.value} value={choice.value} className={styles.item} closeOnClick>
                  <span className={styles.tick}>
                    <Menu.RadioItemIndicator>
                      <Check size={13} />
                    </Menu.RadioItemIndicator>
                  </span>
                  <span>{choice.text}</span>
                  {choice.note !== undefined && <span className={styles.note}>{choice.note}</span>}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
            {children}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
