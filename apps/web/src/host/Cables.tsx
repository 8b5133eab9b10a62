import { Popover } from '@base-ui/react/popover';
import type { Scenario } from '@lvscope/scenario';
import type { CSSProperties, ReactNode } from 'react';
import { FaultMenu } from '../faults/FaultMenu.tsx';
import * as m from '../paraglide/messages.js';
import type { Cable, Layout } from '../stage/layout.ts';
import { CableInspector } from './CableInspector.tsx';
import * as styles from './host.module.css';

/** One end of a cable: a host's interface. */
export interface CableEnd {
  readonly host: string;
  readonly nic: string;
}

/** Every cable as a button along its line: a click shows what it carries, a right click how to break it. */
export function Cables({
  layout,
  scenario,
}: {
  readonly layout: Layout;
  readonly scenario: Scenario;
}): ReactNode {
  if (layout.compact) return null;
  return (
    <div className={styles.cables}>
      {layout.cables.map((cable) => {
        const ends = endsOf(cable, scenario);
        const [first] = ends;
        return first === undefined ? null : (
          <CableButton key={`${cable.network}/${first.host}`} cable={cable} ends={ends} first={first} />
        );
      })}
    </div>
  );
}

interface CableButtonProps {
  readonly cable: Cable;
  readonly ends: readonly CableEnd[];
  readonly first: CableEnd;
}

function CableButton({ cable, ends, first }: CableButtonProps): ReactNode {
  const label = m.cable_label({ network: cable.network, hosts: ends.map(({ host }) => host).join(' – ') });
  return (
    <FaultMenu host={first.host} nic={first.nic}>
      <Popover.Root>
        <Popover.Trigger className={styles.cable} style={along(cable)} aria-label={label} title={label} />
        <Popover.Portal>
          <Popover.Positioner sideOffset={8} className={styles.positioner}>
            <Popover.Popup className={styles.cablePopup}>
              <CableInspector network={cable.network} ends={ends} />
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
    </FaultMenu>
  );
}

/** The interfaces of a cable's hosts on its network. */
function endsOf({ network, hosts }: Cable, scenario: Scenario): CableEnd[] {
  return hosts.flatMap((host) => {
    const spec = scenario.hosts.find((one) => one.name === host);
    const nic = spec?.interfaces.find((one) => one.network === network);
    return nic === undefined ? [] : [{ host, nic: nic.name }];
  });
}

function along({ from, to }: Cable): CSSProperties {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  return {
    left: from.x,
    top: from.y - 7,
    width: Math.hypot(dx, dy),
    transform: `rotate(${Math.atan2(dy, dx)}rad)`,
  };
}
