import type { CommandRecord, ServerView, ServiceView, WorkloadView } from '@lvscope/cluster';
import type { Scenario } from '@lvscope/scenario';
import type { DecisionId, DecisionRow } from '../worker/api.ts';
import type { PageState } from './store.ts';

/** Names a service on the page: directors number theirs without knowing of each other. */
export function serviceKey({ director, label }: ServiceView): string {
  return `${director} ${label}`;
}

/** The service that the page looks at: the chosen one, or the first whose director is there. */
export function focusService(state: Pick<PageState, 'view' | 'serviceKey'>): ServiceView | undefined {
  const services = state.view?.services ?? [];
  const gone = state.view?.troubled.filter(({ health }) => health === 'off' || health === 'link-down');
  const dead = new Set(gone?.map(({ host }) => host));
  const chosen = services.find((service) => serviceKey(service) === state.serviceKey);
  return chosen ?? services.find((service) => !dead.has(service.director)) ?? services[0];
}

/** The decision that is explained while none is picked: the newest, of the director of a chosen service. */
export function followed(
  state: Pick<PageState, 'view' | 'serviceKey' | 'decisions'>,
): DecisionRow | undefined {
  if (state.serviceKey === undefined) return state.decisions.at(-1);
  const director = focusService(state)?.director;
  return state.decisions.findLast((row) => row.director === director);
}

export function isSame(a: DecisionId | undefined, b: DecisionId | undefined): boolean {
  return a?.director === b?.director && a?.seq === b?.seq;
}

/** The first workload: chips for sources and KeepAlive speak to it. */
export function focusWorkload(state: Pick<PageState, 'view'>): WorkloadView | undefined {
  return state.view?.workloads[0];
}

/** A server's place among the real servers: its colour and shape everywhere. Unknown addresses stand last. */
export function serverIndex(scenario: Scenario | undefined, name: string): number {
  const servers = serverNames(scenario);
  const index = servers.indexOf(name);
  return index < 0 ? servers.length : index;
}

let namesOf: Scenario | undefined;
let names: readonly string[] = [];

function serverNames(scenario: Scenario | undefined): readonly string[] {
  if (scenario !== namesOf) {
    namesOf = scenario;
    names = (scenario?.hosts ?? []).filter((host) => host.role === 'realserver').map((host) => host.name);
  }
  return names;
}

/** Servers in the order of their names' places, not in the kernel's: rows that stay where they are. */
export function inPlace(service: ServiceView, scenario: Scenario | undefined): ServerView[] {
  const place = new Map(serverNames(scenario).map((name, i) => [name, i]));
  const placeOf = (server: ServerView): number => place.get(server.host ?? '') ?? place.size;
  return service.servers.toSorted((a, b) => placeOf(a) - placeOf(b) || a.destinationId - b.destinationId);
}

/** The client on which a workload runs, for commands to its load generator. */
export function clientOf(scenario: Scenario, workload: string | undefined): string | undefined {
  const spec = scenario.workloads.find((one) => one.name === workload) ?? scenario.workloads[0];
  return spec?.on ?? scenario.hosts.find((host) => host.role === 'client')?.name;
}

/** The newest command after the set-up that was meant to change something. */
export function lastChange(commands: readonly CommandRecord[]): CommandRecord | undefined {
  return commands.findLast((record) => record.origin !== 'setup' && !onlyLooks(record.command));
}

/** What a line of the prompt may consist of without changing anything. */
const LOOKS = [
  /^ipvsadm(-save|\s+(-[LlSh]|--(list|save|help|version)))/,
  /^(ip\s+(-\S+\s+)*[a-z]+(\s+(show|ls|list).*)?|sysctl\s+[^=]*|loadgen(\s+(show|help).*)?)$/,
  /^(ip6?tables|arptables)(-legacy)?\s.*(-[LS]|-n?v?L)(\s|$)/,
  /^(arp(\s+-[ean]+)?|route(\s+-[en]+)?|ifconfig(\s+(-a|\S+))?|systemctl\s+status.*|service\s+\S+\s+status)$/,
  /^(cat|tail|head|wc|grep|egrep|sort|hostname|help|date|uptime|whoami|pwd|history|clear|lsmod)(\s|$)/,
  /^(ss|netstat|ping|traceroute|tcpdump|curl|ab|watch|journalctl|ps|pidof|pgrep|sleep|echo\s[^>]*$)(\s|$)/,
];

/** Listings, queries, tests and help, which change nothing. */
export function onlyLooks(command: string): boolean {
  return command
    .split(/;|&&|\|\|?/)
    .map((part) => part.trim())
    .every((part) => part === '' || (!part.includes('>') && LOOKS.some((pattern) => pattern.test(part))));
}

/** Whether the operator has changed what the scenario began with, so that its text speaks of another one. */
export function isChanged({ commands, notice }: Pick<PageState, 'commands' | 'notice'>): boolean {
  return (
    notice !== undefined ||
    commands.some(({ origin, rc, command }) => origin === 'user' && rc === 0 && !onlyLooks(command))
  );
}
