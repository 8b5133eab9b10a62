import type {
  IpvsadmCommand,
  ListWhat,
  ServerAddress,
  ServerSettings,
  ServiceAddress,
  ServiceSettings,
} from './ipvsadm-command.ts';
import { DEFAULT_SCHEDULER, DEFAULT_SYNC_INTERFACE } from './ipvsadm-draft.ts';
import type { Draft } from './ipvsadm-draft.ts';
import type { CommandTag } from './ipvsadm-options.ts';
import { parseSchedulerFlags } from './scheduler-flags.ts';

/** The command that a checked draft stands for. @param timeouts the plain numbers of --set */
export function finishCommand(
  command: CommandTag,
  role: 'master' | 'backup',
  draft: Draft,
  timeouts: readonly number[],
): IpvsadmCommand {
  const service = serviceOf(draft);
  switch (command) {
    case 'add-service':
    case 'edit-service':
      return { kind: command, service, settings: serviceSettingsOf(draft) };
    case 'delete-service':
      return { kind: command, service };
    case 'add-server':
    case 'edit-server':
      return { kind: command, service, server: serverOf(draft), settings: serverSettingsOf(draft) };
    case 'delete-server':
      return { kind: command, service, server: draft.server };
    case 'flush':
    case 'restore':
      return { kind: command };
    case 'save':
      return { kind: command, numeric: draft.format.numeric };
    case 'list':
      return { kind: command, what: listWhat(draft, service), format: draft.format };
    case 'zero':
      return { kind: command, service: draft.seen.has('service-address') ? service : undefined };
    case 'set': {
      const [tcp = 0, tcpFin = 0, udp = 0] = timeouts;
      return { kind: 'set-timeouts', tcp, tcpFin, udp };
    }
    case 'start-daemon':
      return {
        kind: command,
        role,
        interface: draft.interface === '' ? DEFAULT_SYNC_INTERFACE : draft.interface,
        syncId: draft.syncId,
        maxLength: draft.maxLength,
        group: draft.group,
        port: draft.port,
        ttl: draft.ttl,
      };
    case 'stop-daemon':
      return { kind: command, role, syncId: draft.syncId };
  }
}

function serviceOf(draft: Draft): ServiceAddress {
  const { family, protocol, address, address6, port, mark } = draft.service;
  if (mark !== 0) return { kind: 'fwmark', mark, family };
  return family === 6
    ? { kind: 'address6', protocol, address: address6, port }
    : { kind: 'address', protocol, address, port };
}

function serviceSettingsOf(draft: Draft): ServiceSettings {
  const scheduler = draft.scheduler === '' ? DEFAULT_SCHEDULER : draft.scheduler;
  const flags = parseSchedulerFlags(draft.schedulerFlags?.text ?? '', scheduler);
  return {
    scheduler,
    schedulerFlags: flags.ok ? flags.bits : 0,
    persistenceSeconds: draft.persistenceSeconds,
    netmask: draft.netmask,
    prefixLength: draft.prefixLength,
    persistenceEngine: draft.persistenceEngine,
    onePacket: draft.onePacket,
  };
}

/** In direct routing and tunnels the packet's port cannot change: the service's port counts, not `-r`'s. */
function serverOf(draft: Draft): ServerAddress {
  if (draft.service.mark !== 0 || draft.method === 'masq') return draft.server;
  return { ...draft.server, port: draft.service.port };
}

function serverSettingsOf(draft: Draft): ServerSettings {
  return {
    method: draft.method,
    tunnel:
      draft.method === 'tunnel'
        ? { type: draft.tunnelType, port: draft.tunnelPort, checksum: checksumOf(draft) }
        : undefined,
    weight: draft.weight,
    upperThreshold: draft.upperThreshold,
    lowerThreshold: draft.lowerThreshold,
  };
}

function checksumOf(draft: Draft): 'nocsum' | 'csum' | 'remcsum' {
  if (draft.seen.has('tun-csum')) return 'csum';
  return draft.seen.has('tun-remcsum') ? 'remcsum' : 'nocsum';
}

function listWhat(draft: Draft, service: ServiceAddress): ListWhat {
  if (draft.seen.has('connection')) return { kind: 'connections' };
  if (draft.seen.has('service-address')) return { kind: 'service', service };
  if (draft.seen.has('timeout')) return { kind: 'timeout' };
  return draft.seen.has('daemon') ? { kind: 'daemon' } : { kind: 'services' };
}
