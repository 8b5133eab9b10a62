import type { ServiceView } from '@lvscope/cluster';
import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import { asItIsNow } from '../state/as-now.ts';
import { resizeCommands } from '../state/servers.ts';
import { usePage } from '../state/react.ts';
import { execute, load } from '../state/run.ts';
import { page } from '../state/store.ts';
import { NumberChip } from './NumberChip.tsx';
import * as styles from './topbar.module.css';

/** How many real servers the service has: `-d` and `-a` on hosts that are there, a new run for more. */
export function ServersChip({ service }: { readonly service: ServiceView }): ReactNode {
  const scenario = usePage((state) => state.scenario);
  const count = service.servers.length;
  const choose = async (to: number): Promise<void> => {
    if (scenario === undefined) return;
    const change = resizeCommands(asItIsNow(scenario, page.getState().view), service, to);
    if (change.kind === 'commands') {
      for (const command of change.commands) await execute(service.director, command);
      return;
    }
    const answer = await load({ kind: 'document', scenario: change.scenario });
    if (answer.ok) page.setState({ notice: { kind: 'new-run', script: change.script } });
  };
  return (
    <NumberChip
      name={m.chip_servers()}
      value={count}
      shown={String(count)}
      choices={[2, 3, 4, 8, 16, 40]}
      onChoose={(to) => void choose(to)}
    >
      <p className={styles.panelNote}>{m.servers_note()}</p>
    </NumberChip>
  );
}
