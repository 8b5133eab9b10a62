import type { ServerView, ServiceView } from '@lvscope/cluster';

/** What of a service a chip changes; the rest stays as it is. */
export interface ServiceChange {
  readonly scheduler?: string;
  /** 0 = no persistence. */
  readonly persistenceSeconds?: number;
  readonly netmask?: string;
}

/**
 * The complete `ipvsadm -E`: what is not given would fall back to its default, so every option is given.
 * Scheduler flags belong to their scheduler and are left out when it changes.
 */
export function editService(service: ServiceView, change: ServiceChange): string {
  const scheduler = change.scheduler ?? service.scheduler;
  const seconds = change.persistenceSeconds ?? service.persistenceSeconds;
  const netmask = change.netmask ?? service.netmask;
  const words = ['ipvsadm -E', service.option, '-s', scheduler];
  if (seconds > 0) words.push('-p', String(seconds));
  if (seconds > 0 && netmask !== '255.255.255.255') words.push('-M', netmask);
  if (seconds > 0 && service.persistenceEngine !== undefined) words.push('--pe', service.persistenceEngine);
  if (service.onePacket) words.push('-o');
  if (scheduler === service.scheduler && service.schedulerFlags.length > 0) {
    words.push('-b', service.schedulerFlags.join(','));
  }
  return words.join(' ');
}

const METHOD_OPTION: Readonly<Record<ServerView['method'], string>> = {
  Masq: '-m',
  Local: '-g',
  Tunnel: '-i',
  Route: '-g',
};

/** The complete `ipvsadm -e` for another weight; 0 drains the server. */
export function editWeight(service: ServiceView, server: ServerView, weight: number): string {
  return `ipvsadm -e ${serverWords(service, server)} -w ${weight}${thresholdWords(server)}`;
}

export function addServer(service: ServiceView, server: ServerView): string {
  return `ipvsadm -a ${serverWords(service, server)} -w ${server.weight}${thresholdWords(server)}`;
}

export function deleteServer(service: ServiceView, server: ServerView): string {
  return `ipvsadm -d ${service.option} -r ${server.address}:${server.port}`;
}

function serverWords(service: ServiceView, server: ServerView): string {
  return `${service.option} -r ${server.address}:${server.port} ${METHOD_OPTION[server.method]}`;
}

function thresholdWords({ upperThreshold, lowerThreshold }: ServerView): string {
  const upper = upperThreshold > 0 ? ` -x ${upperThreshold}` : '';
  return lowerThreshold > 0 ? `${upper} -y ${lowerThreshold}` : upper;
}
