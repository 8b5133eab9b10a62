import type { HostCondition } from '../worker/api.ts';

/** A way to break something, or to put it right: a command on its host. */
export interface Fault {
  readonly kind:
    | 'cut'
    | 'plug'
    | 'slow'
    | 'lose'
    | 'smooth'
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

/** What can happen to a host in its present condition: cables, services, the machine; each its own group. */
export function faultsOf(condition: HostCondition): Fault[][] {
  if (!condition.power) return [[{ kind: 'power-on', of: '', command: 'poweron' }]];
  const groups = [
    ...condition.interfaces.map(({ name, up }) => cableFaults(name, up)),
    ...condition.services.map(({ name, state }) => serviceFaults(name, state)),
    [{ kind: 'power-off', of: '', command: 'poweroff' } as const],
  ];
  return groups;
}

/** What can happen to one of a host's cables. */
export function cableFaults(name: string, up: boolean): Fault[] {
  if (!up) return [{ kind: 'plug', of: name, command: `ip link set ${name} up` }];
  const netem = (how: string): string => `tc qdisc replace dev ${name} root netem ${how}`;
  return [
    { kind: 'cut', of: name, command: `ip link set ${name} down` },
    { kind: 'slow', of: name, command: netem('delay 100ms') },
    { kind: 'lose', of: name, command: netem('loss 5%') },
    { kind: 'smooth', of: name, command: `tc qdisc del dev ${name} root` },
  ];
}

function serviceFaults(name: string, state: HostCondition['services'][number]['state']): Fault[] {
  switch (state) {
    case 'running':
      return [
        { kind: 'stop', of: name, command: `systemctl stop ${name}` },
        { kind: 'hang', of: name, command: `pkill -STOP ${name}` },
      ];
    case 'hung':
      return [
        { kind: 'resume', of: name, command: `pkill -CONT ${name}` },
        { kind: 'stop', of: name, command: `systemctl stop ${name}` },
      ];
    case 'stopped':
      return [{ kind: 'start', of: name, command: `systemctl start ${name}` }];
  }
}
