import { Menu } from '@base-ui/react/menu';
import type { Fault, FaultGroup } from '@lvscope/shell';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import * as m from '../paraglide/messages.js';
import { openTerminal } from '../state/panels.ts';
import { askFaults } from '../state/questions.ts';
import { execute } from '../state/run.ts';
import * as styles from './faults.module.css';

interface FaultItemsProps {
  readonly host: string;
  /** Of one cable alone. */
  readonly nic?: string;
}

/** What could happen to hosts when somebody came near their menus: so a menu is there with its first key. */
const seen = new Map<string, readonly FaultGroup[]>();

async function look(host: string): Promise<readonly FaultGroup[] | undefined> {
  const faults = await askFaults(host);
  if (faults !== undefined) seen.set(host, faults);
  return faults;
}

/** To be called when a menu is about to be opened. */
export function expectMenu(host: string): void {
  void look(host);
}

/** The entries of a menu: what can happen to a host or a cable of it, each with its command. */
export function FaultItems({ host, nic }: FaultItemsProps): ReactNode {
  const [known, setKnown] = useState(seen.get(host));
  useEffect(() => {
    let asked = true;
    void look(host).then((answer) => {
      if (asked) setKnown(answer);
    });
    return () => {
      asked = false;
    };
  }, [host]);
  if (known === undefined) return <p className={styles.wait}>…</p>;
  const cable = known.filter(({ about, faults }) => about === 'cable' && faults[0]?.of === nic);
  const groups = cable.length > 0 ? cable : known;
  return (
    <>
      {groups.map(({ faults }, i) => (
        <Menu.Group key={faults[0]?.command}>
          {i > 0 && <Menu.Separator className={styles.separator} />}
          {faults.map((fault) => (
            <Menu.Item
              key={fault.command}
              className={styles.item}
              onClick={() => void execute(host, fault.command)}
            >
              <span>{faultName(fault)}</span>
              <code>{fault.command}</code>
            </Menu.Item>
          ))}
        </Menu.Group>
      ))}
      {nic === undefined && (
        <>
          <Menu.Separator className={styles.separator} />
          <Menu.Item className={styles.item} onClick={() => openTerminal(host)}>
            <span>{m.host_terminal()}</span>
          </Menu.Item>
        </>
      )}
    </>
  );
}

/** A fault in words. */
function faultName({ kind, of }: Fault): string {
  switch (kind) {
    case 'cut':
      return m.fault_cut({ of });
    case 'plug':
      return m.fault_plug({ of });
    case 'slow':
      return m.fault_slow({ of });
    case 'lose':
      return m.fault_lose({ of });
    case 'smooth':
      return m.fault_smooth({ of });
    case 'reboot':
      return m.fault_reboot();
    case 'power-off':
      return m.fault_power_off();
    case 'power-on':
      return m.fault_power_on();
    case 'stop':
      return m.fault_stop({ of });
    case 'start':
      return m.fault_start({ of });
    case 'hang':
      return m.fault_hang({ of });
    case 'resume':
      return m.fault_resume({ of });
  }
}
