import { Popover } from '@base-ui/react/popover';
import type { ServerView } from '@lvscope/cluster';
import type { HostSpec } from '@lvscope/scenario';
import type { CSSProperties, ReactNode } from 'react';
import { useState } from 'react';
import { FaultMenu } from '../faults/FaultMenu.tsx';
import * as styles from './host.module.css';
import { HostInspector } from './HostInspector.tsx';

interface HostAnchorProps {
  readonly host: HostSpec;
  readonly server: ServerView | undefined;
  readonly className: string;
  readonly style: CSSProperties;
  readonly label: string;
  readonly children: ReactNode;
}

/** A host's box on the stage: a click opens its inspector, a right click what can happen to it. */
export function HostAnchor({ host, server, className, style, label, children }: HostAnchorProps): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <FaultMenu host={host.name}>
      <Popover.Root open={open} onOpenChange={setOpen}>
        <Popover.Trigger className={className} style={style} aria-label={label}>
          {children}
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Positioner sideOffset={6} className={styles.positioner}>
            <Popover.Popup className={styles.popup}>
              <HostInspector host={host} server={server} onDone={() => setOpen(false)} />
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
    </FaultMenu>
  );
}
