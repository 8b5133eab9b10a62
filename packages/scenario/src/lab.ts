import type { HostSpec, NetworkSpec, Remedy, RemedyCommand, Scenario, Words } from './document.ts';
import { clusterOf, type Plan, VIP } from './topology.ts';
import { visitors } from './workloads.ts';

/** A cluster seen frame by frame: the classic cabling, and what is different in this one. */
export interface LabPlan extends Omit<Plan, 'workloads' | 'detail'> {
  /** Default: five visitors a second from eight addresses, who give up after 5 s. */
  readonly workloads?: Plan['workloads'];
  /** By host name. */
  readonly changes?: Readonly<Record<string, Partial<HostSpec>>>;
  /** Of every real server; what `changes` says of one comes after it. */
  readonly serverChange?: Partial<HostSpec>;
  /** By network name. */
  readonly networkChanges?: Readonly<Record<string, Partial<NetworkSpec>>>;
  readonly moreHosts?: readonly HostSpec[];
  readonly moreNetworks?: readonly NetworkSpec[];
}

export const FEW_VISITORS: Plan['workloads'][number] = visitors(8, 5, { timeoutSeconds: 5 });

/** The document of a plan, at packet level. */
export function labOf(plan: LabPlan): Scenario {
  const whole = clusterOf({
    durationSeconds: 60,
    workloads: [FEW_VISITORS],
    ...plan,
    detail: 'packet',
  });
  const changed = (host: HostSpec): HostSpec => ({
    ...host,
    ...(host.role === 'realserver' && plan.serverChange),
    ...plan.changes?.[host.name],
  });
  return {
    ...whole,
    networks: [
      ...whole.networks.map((network) => ({ ...network, ...plan.networkChanges?.[network.name] })),
      ...(plan.moreNetworks ?? []),
    ],
    hosts: [...whole.hosts.map(changed), ...(plan.moreHosts ?? [])],
  };
}

/** The same lines on each of several hosts. */
export function onEach(hosts: readonly string[], lines: readonly string[]): RemedyCommand[] {
  return hosts.flatMap((on) => lines.map((run) => ({ on, run })));
}

/** A way that puts it right. */
export function cure(title: Words, explain: Words, commands: readonly RemedyCommand[]): Remedy {
  return { title, explain, commands, cures: true };
}

/** A way that people try, and that does not help. */
export function noCure(title: Words, explain: Words, commands: readonly RemedyCommand[]): Remedy {
  return { title, explain, commands, cures: false };
}

/** The director tells the segment who has the VIP, so that the cure is seen at once. */
export const ANNOUNCE: RemedyCommand = { on: 'd1', run: `arping -c 1 -U -I eth0 ${VIP}` };
