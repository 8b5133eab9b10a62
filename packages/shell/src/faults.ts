import { DAEMONS, daemonOn, type Host, hostNamed, type World } from '@lvscope/cluster';

/** A way to break something, or to put it right: a command line on its host. */
export interface Fault {
  readonly kind:
    | 'cut'
    | 'plug'
    | 'slow'
    | 'lose'
    | 'smooth'
    | 'reboot'
    | 'power-off'
    | 'power-on'
    | 'stop'
    | 'start'
    | 'hang'
    | 'resume';
  /** The interface or the service that it is about; '' = the machine. */
  readonly of: string;
  readonly command: string;
}

/** What can happen to one thing of a host, as it is now. */
export interface FaultGroup {
  readonly about: 'cable' | 'service' | 'machine';
  readonly faults: readonly Fault[];
}

type ServiceState = 'running' | 'hung' | 'stopped';

/**
 * What can happen to a host in its present condition: to each cable, each server program and daemon, and
 * the machine.
 * @returns undefined where there is no such host
 */
export function faultsOf(world: World, hostName: string): FaultGroup[] | undefined {
  const host = hostNamed(world, hostName);
  if (host === undefined) return undefined;
  if (!host.power) return [machine([{ kind: 'power-on', of: '', command: 'poweron' }])];
  const cables = host.interfaces.filter(({ segment }) => segment >= 0);
  return [
    ...cables.map((nic): FaultGroup => ({ about: 'cable', faults: cableFaults(nic.name, nic.up) })),
    ...servicesOn(world, host).map(
      ([name, state]): FaultGroup => ({ about: 'service', faults: serviceFaults(name, state) }),
    ),
    machine([
      { kind: 'reboot', of: '', command: 'reboot' },
      { kind: 'power-off', of: '', command: 'poweroff' },
    ]),
  ];
}

const machine = (faults: readonly Fault[]): FaultGroup => ({ about: 'machine', faults });

/** Server programs of the scenario, then daemons that run or that the host's set-up starts. */
function servicesOn(world: World, { id, name }: Host): [string, ServiceState][] {
  const found = new Map<string, ServiceState>();
  for (const server of world.servers) {
    if (server.hostName === name && !found.has(server.name)) found.set(server.name, server.state);
  }
  const setup = world.scenario.hosts[id]?.setup ?? [];
  for (const daemon of DAEMONS.keys()) {
    const process = daemonOn(world, name, daemon);
    if (process !== undefined) found.set(daemon, process.status === 'stopped' ? 'hung' : 'running');
    else if (setup.includes(`systemctl start ${daemon}`)) found.set(daemon, 'stopped');
  }
  return [...found];
}

function cableFaults(name: string, up: boolean): Fault[] {
  if (!up) return [{ kind: 'plug', of: name, command: `ip link set ${name} up` }];
  const netem = (how: string): string => `tc qdisc replace dev ${name} root netem ${how}`;
  return [
    { kind: 'cut', of: name, command: `ip link set ${name} down` },
    { kind: 'slow', of: name, command: netem('delay 100ms') },
    { kind: 'lose', of: name, command: netem('loss 5%') },
    { kind: 'smooth', of: name, command: `tc qdisc del dev ${name} root` },
  ];
}

function serviceFaults(name: string, state: ServiceState): Fault[] {
  const stop: Fault = { kind: 'stop', of: name, command: `systemctl stop ${name}` };
  switch (state) {
    case 'running':
      return [stop, { kind: 'hang', of: name, command: `pkill -STOP ${name}` }];
    case 'hung':
      return [{ kind: 'resume', of: name, command: `pkill -CONT ${name}` }, stop];
    case 'stopped':
      return [{ kind: 'start', of: name, command: `systemctl start ${name}` }];
  }
}
