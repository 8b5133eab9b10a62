import { nextFloat, stream } from '@lvscope/des';
import { formatIpv4 } from '@lvscope/inet';
import { deleteService, type Ipvs } from '@lvscope/ipvs';
import { execute } from '../execute.ts';
import type { DaemonCall } from '../processes/daemons.ts';
import { journal } from '../processes/journal.ts';
import { beginCheck, type CheckResult, endCheck } from './checks.ts';
import { arm, disarm, type Due } from './due.ts';
import type { CheckState, PoolServerState, PoolsState } from './keepalived-checks.ts';
import { makeService, putServer, serverText, takeServer } from './pool.ts';

const SECOND = 1e9;

/** What the checkers work with. */
export interface PoolsCall {
  readonly call: DaemonCall;
  readonly ipvs: Ipvs;
  readonly due: Due[];
  readonly state: PoolsState;
}

/** Services and servers are set up; each check begins after a random part of its warm-up. */
export function startPools(at: PoolsCall): void {
  const { call, ipvs, due, state } = at;
  const { world, process } = call;
  const draws = stream(world.sim, `keepalived/${process.host}`);
  for (const pool of state.pools) makeService(world, ipvs, pool);
  for (const server of state.servers) {
    if (server.failing.length === 0) putServer(world, ipvs, state.pools[server.pool]!, server, server.weight);
    for (const place of server.checks) {
      const check = state.checks[place]!;
      const wait = nextFloat(draws) * check.warmupSeconds;
      arm(due, 'check', place, world.sim.now + wait * SECOND);
      const pool = state.pools[server.pool]!;
      const what = `Activating healthchecker for service ${server.label} for VS ${pool.label}`;
      journal(world, process, what);
    }
  }
  for (const index of state.pools.keys()) quorumOf(at, index, false);
}

/** A check's time has come. */
export function checkDue(at: PoolsCall, index: number): void {
  const { call, due, state } = at;
  const { world, programs, process } = call;
  const check = state.checks[index]!;
  const { now } = world.sim;
  if (check.kind === 'MISC_CHECK') {
    const { pid } = execute(world, programs, process.host, check.script, 'daemon', { parent: process.pid });
    check.child = pid;
    return;
  }
  const { address, port } = check;
  const failed = beginCheck(world, process, state.pending, index, {
    address,
    port,
    wantsAnswer: check.kind !== 'TCP_CHECK',
  });
  if (failed === undefined) arm(due, 'check-timeout', index, now + check.connectTimeoutSeconds * SECOND);
  else checkDone(at, failed);
}

export function checkTimedOut(at: PoolsCall, index: number): void {
  const failed = endCheck(at.call.world, at.call.process, at.state.pending, index);
  if (failed !== undefined) checkDone(at, failed);
}

/** A MISC_CHECK's script has ended. */
export function scriptDone(at: PoolsCall, pid: number, rc: number): void {
  const index = at.state.checks.findIndex(({ child }) => child === pid);
  const check = at.state.checks[index];
  if (check === undefined) return;
  check.child = 0;
  const good = rc === 0 || (check.dynamic && rc >= 2);
  checkDone(
    at,
    { index, ok: good, why: good ? 'ok' : `exit ${rc}` },
    check.dynamic && rc >= 2 ? rc - 2 : undefined,
  );
}

/** What a check found: again after delay_loop, or sooner while it may be a mistake. */
export function checkDone(at: PoolsCall, result: CheckResult, weight?: number): void {
  const { call, due, state } = at;
  const { world, process } = call;
  const check = state.checks[result.index]!;
  const { now } = world.sim;
  disarm(due, 'check-timeout', result.index);
  const ok = result.ok && (check.kind === 'TCP_CHECK' || check.kind === 'MISC_CHECK' || check.status === 200);
  if (ok) {
    check.failures = 0;
    arm(due, 'check', result.index, now + check.loopSeconds * SECOND);
    if (weight !== undefined) changeWeight(at, check.server, weight);
    return serverPassed(at, result.index);
  }
  check.failures++;
  if (check.failures <= check.retry) {
    arm(due, 'check', result.index, now + check.retryDelaySeconds * SECOND);
    return;
  }
  arm(due, 'check', result.index, now + check.loopSeconds * SECOND);
  check.failures = 0;
  const server = state.servers[check.server]!;
  if (!server.failing.includes(result.index)) {
    journal(world, process, failureText(check, server, result.why));
    serverFailed(at, result.index);
  }
}

function failureText(check: CheckState, server: PoolServerState, why: string): string {
  const target = `[${formatIpv4(check.address)}]:tcp:${check.port}`;
  switch (check.kind) {
    case 'TCP_CHECK':
      return `TCP connection to ${target} failed.`;
    case 'HTTP_GET':
    case 'SSL_GET':
      return why === 'timeout'
        ? `Timeout connecting server ${target}.`
        : `Error connecting server ${target}.`;
    case 'MISC_CHECK':
      return `Misc check for ${server.label} to [${check.script}] failed.`;
  }
}

function serverPassed(at: PoolsCall, index: number): void {
  const { call, ipvs, state } = at;
  const check = state.checks[index]!;
  const server = state.servers[check.server]!;
  const place = server.failing.indexOf(index);
  if (place < 0) return;
  server.failing.splice(place, 1);
  const { world, process } = call;
  const pool = state.pools[server.pool]!;
  if (check.kind === 'TCP_CHECK') {
    journal(world, process, `TCP connection to [${formatIpv4(check.address)}]:tcp:${check.port} success.`);
  }
  if (server.failing.length > 0) return;
  const verb = server.inhibit ? 'Enabling' : 'Adding';
  journal(world, process, `${verb} service ${server.label} to VS ${pool.label}`);
  if (pool.hasQuorum || pool.sorry === undefined) putServer(world, ipvs, pool, server, server.weight);
  quorumOf(at, server.pool, true);
}

function serverFailed(at: PoolsCall, index: number): void {
  const { call, ipvs, state } = at;
  const server = state.servers[state.checks[index]!.server]!;
  server.failing.push(index);
  if (server.failing.length > 1) return;
  const { world, process } = call;
  const pool = state.pools[server.pool]!;
  const verb = server.inhibit ? 'Disabling' : 'Removing';
  journal(world, process, `${verb} service ${server.label} from VS ${pool.label}`);
  if (server.inhibit) putServer(world, ipvs, pool, server, 0);
  else takeServer(world, ipvs, pool, server);
  quorumOf(at, server.pool, true);
}

function changeWeight(at: PoolsCall, index: number, weight: number): void {
  const server = at.state.servers[index]!;
  if (server.weight === weight) return;
  const pool = at.state.pools[server.pool]!;
  journal(
    at.call.world,
    at.call.process,
    `Changing weight from ${server.weight} to ${weight} for ${server.label}`,
  );
  server.weight = weight;
  if (server.failing.length === 0) putServer(at.call.world, at.ipvs, pool, server, weight);
}

/** The weight of the servers alive against the quorum: with too little the sorry server takes their place. */
function quorumOf(at: PoolsCall, index: number, speaks: boolean): void {
  const { call, ipvs, state } = at;
  const { world, process } = call;
  const pool = state.pools[index]!;
  const alive = pool.servers.map((i) => state.servers[i]!).filter(({ failing }) => failing.length === 0);
  const live = alive.reduce((sum, { weight }) => sum + weight, 0);
  const gained = !pool.hasQuorum && live >= pool.quorum + (speaks ? pool.hysteresis : 0);
  const lost = pool.hasQuorum && (live < pool.quorum - pool.hysteresis || live === 0);
  if (gained) {
    pool.hasQuorum = true;
    if (!speaks) return;
    journal(
      world,
      process,
      `Gained quorum ${pool.quorum}+${pool.hysteresis}=${live} <= ${live} for VS ${pool.label}`,
    );
    if (pool.sorry === undefined) return;
    journal(world, process, `Removing sorry server [${serverText(pool.sorry)}] from VS ${pool.label}`);
    takeServer(world, ipvs, pool, pool.sorry);
    journal(world, process, `Adding alive servers to the pool for VS ${pool.label}`);
    for (const server of alive) putServer(world, ipvs, pool, server, server.weight);
  } else if (lost || (!speaks && live < pool.quorum)) {
    pool.hasQuorum = false;
    const least = pool.quorum - pool.hysteresis;
    journal(
      world,
      process,
      `Lost quorum ${pool.quorum}-${pool.hysteresis}=${least} > ${live} for VS ${pool.label}`,
    );
    if (pool.sorry === undefined) return;
    journal(world, process, `Adding sorry server [${serverText(pool.sorry)}] to VS ${pool.label}`);
    putServer(world, ipvs, pool, pool.sorry, 1);
    journal(world, process, `Removing alive servers from the pool for VS ${pool.label}`);
    for (const server of alive) takeServer(world, ipvs, pool, server);
  }
}

/** SIGTERM: the services that it made go, and with them their servers. */
export function stopPools({ call, ipvs, state }: PoolsCall): void {
  for (const pool of state.pools) {
    journal(call.world, call.process, `Removing service ${pool.label}`);
    deleteService(ipvs, call.world.sim, pool.key);
  }
}
