import { ContextMenu } from '@base-ui/react/context-menu';
import { Menu } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import { expectMenu, FaultItems } from './FaultItems.tsx';
import * as styles from './faults.module.css';

interface FaultMenuProps {
  readonly host: string;
  readonly nic?: string;
  readonly children: ReactNode;
}

/** What a right click, a long touch or the menu key opens on a thing: what can happen to it. */
export function FaultMenu({ host, nic, children }: FaultMenuProps): ReactNode {
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger
        className={styles.trigger}
        onFocus={() => expectMenu(host)}
        onPointerEnter={() => expectMenu(host)}
      >
        {children}
      </ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Positioner className={styles.positioner}>
          <ContextMenu.Popup className={styles.menu} aria-label={m.faults_of({ name: host })}>
            <p className={styles.head}>{nic === undefined ? host : `${host} ${nic}`}</p>
            <FaultItems host={host} {...(nic === undefined ? {} : { nic })} />
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}

interface FaultButtonProps {
  readonly host: string;
  readonly nic?: string;
  readonly button: ReactElement;
}

/** The same menu behind a button, for the keyboard. */
export function FaultButton({ host, nic, button }: FaultButtonProps): ReactNode {
  return (
    <Menu.Root>
      <Menu.Trigger
        render={button}
        onFocus={() => expectMenu(host)}
        onPointerEnter={() => expectMenu(host)}
      />
      <Menu.Portal>
        <Menu.Positioner className={styles.positioner} sideOffset={4} align="start">
          <Menu.Popup className={styles.menu} aria-label={m.faults_of({ name: host })}>
            <FaultItems host={host} {...(nic === undefined ? {} : { nic })} />
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
