import { Popover } from '@base-ui/react/popover';
import type { ServiceView } from '@lvscope/cluster';
import type { ReactNode } from 'react';
import { useState } from 'react';
import * as m from '../paraglide/messages.js';
import { editService, type ServiceChange } from '../state/commands.ts';
import { execute } from '../state/run.ts';
import { NumberField } from './NumberChip.tsx';
import * as styles from './topbar.module.css';

const NETMASKS = ['255.255.255.255', '255.255.255.0', '255.255.0.0', '255.0.0.0'] as const;
const DEFAULT_SECONDS = 300;

/** `-p`: off, usual times, any other, and `-M`. */
export function PersistenceChip({ service }: { readonly service: ServiceView }): ReactNode {
  const [open, setOpen] = useState(false);
  const { persistenceSeconds: seconds, netmask } = service;
  const change = (to: ServiceChange): void => {
    setOpen(false);
    void execute(service.director, editService(service, to));
  };
  const mask = netmask === '255.255.255.255' ? '' : ` -M ${netmask}`;
  const shown = seconds === 0 ? m.chip_off() : `${seconds} s${mask}`;
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className={seconds > 0 ? styles.chipStrong : styles.chip} aria-label={`-p ${shown}`}>
        <em>-p</em>
        <b>{shown}</b>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className={styles.positioner} sideOffset={6} align="start">
          <Popover.Popup className={styles.panel} aria-label={m.chip_persistence()}>
            <p className={styles.panelNote}>{m.persistence_note()}</p>
            <div className={styles.values}>
              {[0, 60, DEFAULT_SECONDS, 360].map((one) => (
                <button
                  key={one}
                  type="button"
                  aria-pressed={one === seconds}
                  onClick={() => change({ persistenceSeconds: one })}
                >
                  {one === 0 ? m.chip_off() : `${one} s`}
                </button>
              ))}
            </div>
            <NumberField
              label={m.persistence_seconds()}
              start={seconds === 0 ? DEFAULT_SECONDS : seconds}
              onCommit={(next) => change({ persistenceSeconds: next })}
            />
            <label className={styles.maskLabel}>
              -M
              <select
                value={netmask}
                disabled={seconds === 0}
                onChange={(event) => change({ netmask: event.target.value })}
              >
                {[...new Set([...NETMASKS, netmask])].map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </select>
            </label>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
