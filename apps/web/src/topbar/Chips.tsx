import type { ServiceView } from '@lvscope/cluster';
import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import { SOME_REQUESTS } from '../state/as-now.ts';
import { editService } from '../state/commands.ts';
import { changeForwarding, forwardingOf } from '../state/forwarding-run.ts';
import { usePage } from '../state/react.ts';
import { execute } from '../state/run.ts';
import { clientOf, focusService, focusWorkload } from '../state/select.ts';
import { page } from '../state/store.ts';
import { integer } from '../words/format.ts';
import { ChipMenu } from './ChipMenu.tsx';
import { NumberChip } from './NumberChip.tsx';
import { PersistenceChip } from './PersistenceChip.tsx';
import { SCHEDULERS } from './schedulers.ts';
import { ServersChip } from './ServersChip.tsx';
import * as styles from './topbar.module.css';

/** The settings that a person turns; each issues the command that an operator would. */
export function Chips(): ReactNode {
  const service = usePage(focusService);
  if (service === undefined) return null;
  return (
    <div className={styles.chips} role="group" aria-label={m.chips_label()}>
      <ForwardingChip service={service} />
      <ChipMenu
        name={m.chip_scheduler()}
        shown={service.scheduler}
        value={service.scheduler}
        choices={SCHEDULERS.map(([value, note]) => ({ value, text: value, note: note() }))}
        onChoose={(scheduler) => void execute(service.director, editService(service, { scheduler }))}
      />
      <PersistenceChip service={service} />
      <SourcesChip />
      <KeepAliveChip />
      <ServersChip service={service} />
    </div>
  );
}

const METHODS = [
  { value: 'dr', text: 'DR', option: '-g' },
  { value: 'tun', text: 'TUN', option: '-i' },
  { value: 'nat', text: 'NAT', option: '-m' },
] as const;

function ForwardingChip({ service }: { readonly service: ServiceView }): ReactNode {
  const method = forwardingOf(service);
  const shown = METHODS.find((one) => one.value === method)?.text ?? m.chip_mixed();
  return (
    <ChipMenu
      name={m.chip_forwarding()}
      shown={shown}
      value={method}
      strong
      choices={METHODS.map(({ value, text, option }) => ({
        value,
        text,
        note: `${option} · ${m.chip_new_run()}`,
      }))}
      onChoose={(next) => void changeForwarding(next)}
    />
  );
}

function SourcesChip(): ReactNode {
  const workload = usePage(focusWorkload);
  if (workload === undefined) return null;
  return (
    <NumberChip
      name={m.chip_sources()}
      value={workload.sources}
      shown={integer(workload.sources)}
      choices={[1, 2, 10, 50, 200, 1000]}
      strong={workload.sources === 1}
      onChoose={(count) => generator(`sources ${count}`)}
    />
  );
}

function KeepAliveChip(): ReactNode {
  const workload = usePage(focusWorkload);
  const servers = usePage((state) => state.scenario?.services.some((one) => one.keepAlive) ?? false);
  if (workload === undefined) return null;
  return (
    <ChipMenu
      name="KeepAlive"
      shown={workload.keepAlive ? 'On' : 'Off'}
      value={workload.keepAlive ? 'on' : 'off'}
      choices={[
        { value: 'off', text: 'Off', note: m.keepalive_off() },
        { value: 'on', text: 'On', note: servers ? m.keepalive_on() : m.keepalive_servers_off() },
      ]}
      onChoose={(next) => keepAlive(next === 'on')}
    />
  );
}

function keepAlive(on: boolean): void {
  const per = page.getState().scenario?.workloads[0]?.requestsPerConnection;
  const single = per?.kind === 'constant' && per.value === 1;
  generator(
    `keepalive ${on ? 'on' : 'off'}`,
    ...(on && single ? [`requests-per-connection ${SOME_REQUESTS}`] : []),
  );
}

/** Settings of the load generator on the client that it runs on; where there are several it is named. */
function generator(...settings: readonly string[]): void {
  const { scenario, view } = page.getState();
  if (scenario === undefined) return;
  const name = view?.workloads[0]?.name;
  const client = clientOf(scenario, name);
  const several = scenario.workloads.filter((one) => one.on === client).length > 1;
  const command = settings.map(
    (one) => `loadgen set ${several && name !== undefined ? `${name} ` : ''}${one}`,
  );
  if (client !== undefined) void execute(client, command.join('; '));
}
