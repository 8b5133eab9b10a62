import { execute, type ServiceView, view, type World, type WorkloadView } from '@lvscope/cluster';
import { programs } from '@lvscope/shell';

const cell = (value: string | number, width: number): string => String(value).padStart(width);

/** The end of a run in text: each director's list, the true sockets, the skew, what users got. */
export function endState(world: World): string[] {
  const { services, workloads, now, windowSeconds } = view(world);
  const lines: string[] = [`after ${(now / 1e9).toFixed(3)} s simulated, ${world.sim.eventsFired} events`];
  for (const { name } of world.directors) {
    lines.push(
      '',
      `${name}# ipvsadm -Ln`,
      ...execute(world, programs, name, 'ipvsadm -Ln').out.trimEnd().split('\n'),
    );
  }
  for (const service of services) {
    // with one director there is nothing to tell apart
    const at = world.directors.length > 1 ? `${service.director}: ` : '';
    lines.push('', ...serviceLines(service, windowSeconds, at));
  }
  for (const workload of workloads) lines.push('', ...workloadLines(workload));
  return lines;
}

function serviceLines(service: ServiceView, windowSeconds: number, at: string): string[] {
  const { servers, skew, label } = service;
  const lines = [
    `${at}${label} ${service.scheduler}: new connections of the last ${windowSeconds} s, and real sockets`,
    `  ${'server'.padEnd(22)} weight    new  share promised  ESTAB SYN_RECV TIME_WAIT CLOSE_WAIT  workers`,
  ];
  for (const server of servers) {
    const { sockets } = server;
    const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
    lines.push(
      [
        `  ${`${server.name} ${server.address}`.padEnd(22)}`,
        cell(server.weight, 6),
        cell(server.newConns, 6),
        cell(percent(server.share), 6),
        cell(percent(server.fairShare), 8),
        cell(sockets?.established ?? '-', 6),
        cell(sockets?.synRecv ?? '-', 8),
        cell(sockets?.timeWait ?? '-', 9),
        cell(sockets?.closeWait ?? '-', 10),
        cell(`${server.workersBusy}/${server.workers}`, 8),
      ].join(' '),
    );
  }
  if (!skew) return [...lines, '  skew: no new connection in the window'];
  const { jain, maxOverMean, coefficientOfVariation } = skew;
  const words = `Jain ${jain.toFixed(3)} of 1, max/mean ${maxOverMean.toFixed(2)}`;
  const variation = coefficientOfVariation.toFixed(2);
  return [...lines, `  skew of new connections by weight: ${words}, coefficient of variation ${variation}`];
}

function workloadLines(workload: WorkloadView): string[] {
  const { name, sources, started, succeeded, failures, latencyMs } = workload;
  const failed = Object.entries(failures).filter(([, count]) => count > 0);
  const kinds = failed.map(([kind, count]) => `${count} ${kind}`).join(', ') || 'none';
  const latencies = (['p50', 'p90', 'p99', 'max'] as const).map(
    (key) => `${key} ${latencyMs[key].toFixed(1)}`,
  );
  const from = `${sources} source${sources === 1 ? '' : 's'}`;
  return [
    `${name} (${from}): ${started} requests begun, ${succeeded} answered`,
    `  failures: ${kinds}`,
    `  latency of the window, ms: ${latencies.join(', ')}`,
  ];
}
