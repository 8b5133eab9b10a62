import { Popover } from '@base-ui/react/popover';
import type { ReactNode } from 'react';
import { useState } from 'react';
import * as m from '../paraglide/messages.js';
import * as styles from './topbar.module.css';

interface NumberChipProps {
  readonly name: string;
  readonly value: number;
  readonly shown: string;
  readonly choices: readonly number[];
  readonly onChoose: (value: number) => void;
  readonly strong?: boolean;
  readonly unit?: string;
  readonly children?: ReactNode;
}

const MOST = 60_000;

/** A number as a chip: usual values, and a field for any other. */
export function NumberChip({
  name,
  value,
  shown,
  choices,
  onChoose,
  strong,
  children,
}: NumberChipProps): ReactNode {
  const [open, setOpen] = useState(false);
  const choose = (next: number): void => {
    setOpen(false);
    if (next !== value) onChoose(next);
  };
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className={strong ? styles.chipStrong : styles.chip} aria-label={`${name} ${shown}`}>
        <em>{name}</em>
        <b>{shown}</b>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className={styles.positioner} sideOffset={6} align="start">
          <Popover.Popup className={styles.panel} aria-label={name}>
            <div className={styles.values}>
              {choices.map((one) => (
                <button key={one} type="button" aria-pressed={one === value} onClick={() => choose(one)}>
                  {one}
                </button>
              ))}
            </div>
            <NumberField label={name} start={value} onCommit={choose} />
            {children}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly start: number;
  readonly onCommit: (value: number) => void;
}

/** A whole number from 1 on, taken with Enter. */
export function NumberField({ label, start, onCommit }: NumberFieldProps): ReactNode {
  const [text, setText] = useState(String(start));
  const value = Number(text);
  const valid = /^\d+$/.test(text) && value >= 1 && value <= MOST;
  return (
    <form
      className={styles.field}
      onSubmit={(event) => {
        event.preventDefault();
        if (valid) onCommit(value);
      }}
    >
      <input
        aria-label={label}
        aria-invalid={!valid}
        inputMode="numeric"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" disabled={!valid}>
        {m.set()}
      </button>
    </form>
  );
}
