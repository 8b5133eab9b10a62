import { nextFloat, stream } from '@lvscope/des';
import { formatIpv4 } from '@lvscope/inet';
import { deleteService, type Ipvs } from '@lvscope/ipvs';
import { execute } from '../execute.ts';
import { type DaemonCall, signalProcess } from '../processes/daemons.ts';
import { journal } from '../processes/journal.ts';
import { beginCheck, type CheckResult, endCheck } from './checks.ts';
import { arm, disarm, type Due } from './due.ts';
import type { CheckState, PoolServerState, PoolsState, PoolState, SorryServer } from './keepalived-checks.ts';
import { makeService, putServer, takeServer } from './pool.ts';
import { beginScript, scriptLine } from './script.ts';

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
    const pool = state.pools[server.pool]!;
    if (server.failing.length === 0) putServer(world, ipvs, pool, server, server.weight);
    else if (server.inhibit) putServer(world, ipvs, pool, server, 0);
    for (const place of server.checks) {
      const check = state.checks[place]!;
      const wait = nextFloat(draws) * check.warmupSeconds;
      arm(due, 'check', place, world.sim.now + wait * SECOND);
      const what = `Activating healthchecker for service ${server.label} for VS ${pool.label}`;
      journal(world, process, what);
    }
  }
  for (const [index, pool] of state.pools.entries()) {
    pool.hasQuorum = aliveWeight(state, pool) >= pool.quorum + pool.hysteresis;
    quorumOf(at, index, true);
    const { sorry, hasQuorum } = pool;
    if (sorry?.inhibit === true && hasQuorum) putServer(world, ipvs, pool, sorry, 0);
  }
}

/** A check's time has come. */
export function checkDue(at: PoolsCall, index: number): void {
  const { call, due, state } = at;
  const { world, programs, process } = call;
  const check = state.checks[index]!;
  const { now } = world.sim;
  if (check.kind === 'MISC_CHECK') {
    const line = scriptLine(world, process.host, check.script);
    check.child = execute(world, programs, process.host, line, 'daemon', { parent: process.pid }).pid;
    check.childSince = now;
    return arm(due, 'check-timeout', index, now + check.scriptTimeoutSeconds * SECOND);
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
  const { call, state } = at;
  const { child } = state.checks[index]!;
  // its end is the failure
  if (child !== 0) signalProcess(call.world, call.programs, child, 'TERM');
  const failed = endCheck(call.world, call.process, state.pending, index);
  if (failed !== undefined) checkDone(at, failed);
}

/** What a shell says of a command that is not there. */
const NOT_FOUND = 127;
/** And of one that SIGTERM ended: misc_timeout was over. */
const TERMINATED = 143;

/** A MISC_CHECK's script has ended: 0 is good; with misc_dynamic 2 to 255 is too, and two less the weight. */
export function scriptDone(at: PoolsCall, pid: number, rc: number): void {
  const { call, due, state } = at;
  const index = state.checks.findIndex(({ child }) => child === pid);
  const check = state.checks[index];
  if (check === undefined) return;
  check.child = 0;
  if (rc === NOT_FOUND) {
    disarm(due, 'check-timeout', index);
    const text = `Disabling misc script ${check.script} since not found/accessible`;
    return journal(call.world, call.process, text);
  }
  const sets = check.dynamic && rc >= 2;
  const good = rc === 0 || sets;
  const why = good ? 'ok' : rc === TERMINATED ? 'timed out' : `failed (exited with status ${rc})`;
  checkDone(at, { index, ok: good, why }, sets ? rc - 2 : undefined);
}

/** What a check found: again after delay_loop, or sooner while it may be a mistake. */
export function checkDone(at: PoolsCall, result: CheckResult, weight?: number): void {
  const { call, due, state } = at;
  const check = state.checks[result.index]!;
  const { index } = result;
  const script = check.kind === 'MISC_CHECK';
  disarm(due, 'check-timeout', index);
  const isUp = !state.servers[check.server]!.failing.includes(index);
  const ok = result.ok && (check.kind === 'TCP_CHECK' || script || check.status === 200);
  // a script's next turn counts from its beginning, a connection's from its end
  const from = script ? check.childSince : call.world.sim.now;
  const again = (seconds: number): void =>
    arm(due, 'check', index, Math.max(call.world.sim.now, from + seconds * SECOND));
  if (ok) {
    check.failures = 0;
    again(check.loopSeconds);
    if (weight !== undefined) changeWeight(at, check.server, weight);
    return serverPassed(at, index);
  }
  if (isUp && !script) journal(call.world, call.process, failureText(check, result.why));
  // a script is tried again only while its server counts as up (check_misc.c)
  const tries = script && !isUp ? 0 : check.retry;
  if (check.failures < tries) {
    check.failures++;
    return again(check.retryDelaySeconds);
  }
  check.failures = 0;
  again(check.loopSeconds);
  if (!isUp) return;
  const target = `[${formatIpv4(check.address)}]:tcp:${check.port}`;
  if (script) {
    const server = formatIpv4(state.servers[check.server]!.address);
    const what = `Misc check to [${server}] for [${check.script.split(' ')[0]}] ${result.why}.`;
    journal(call.world, call.process, what);
  } else if (check.retry > 0) {
    const what = `Check on service ${target} failed after ${check.retry} retries.`;
    journal(call.world, call.process, what);
  }
  serverFailed(at, index);
}

function failureText(check: CheckState, why: string): string {
  const target = `[${formatIpv4(check.address)}]:tcp:${check.port}`;
  const inTime = why !== 'timeout';
  if (check.kind === 'TCP_CHECK') return `TCP connection to ${target} ${inTime ? 'failed' : 'timeout'}.`;
  return inTime ? `Error connecting server ${target}.` : `Timeout connecting server ${target}.`;
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
  const preposition = server.inhibit ? 'of' : 'to';
  journal(world, process, `${verb} service ${server.label} ${preposition} VS ${pool.label}`);
  if (takesServers(pool)) putServer(world, ipvs, pool, server, server.weight);
  beginScript(call, server.notifyUp);
  quorumOf(at, server.pool, false);
}

function serverFailed(at: PoolsCall, index: number): void {
  const { call, state } = at;
  const server = state.servers[state.checks[index]!.server]!;
  server.failing.push(index);
  if (server.failing.length > 1) return;
  const { world, process } = call;
  const pool = state.pools[server.pool]!;
  const verb = server.inhibit ? 'Disabling' : 'Removing';
  const preposition = server.inhibit ? 'of' : 'from';
  journal(world, process, `${verb} service ${server.label} ${preposition} VS ${pool.label}`);
  if (takesServers(pool)) takeOut(at, pool, server);
  beginScript(call, server.notifyDown);
  quorumOf(at, server.pool, false);
}

/** Not while a sorry server stands in: then only what is known of a server changes. */
const takesServers = ({ hasQuorum, sorry }: PoolState): boolean => hasQuorum || sorry === undefined;

/** Weight 0 for a server that inhibits, deletion for any other (ipvs_cmd). */
function takeOut({ call, ipvs }: PoolsCall, pool: PoolState, server: PoolServerState | SorryServer): void {
  if (server.inhibit) putServer(call.world, ipvs, pool, server, 0);
  else takeServer(call.world, ipvs, pool, server);
}

function changeWeight(at: PoolsCall, index: number, weight: number): void {
  const { call, ipvs, state } = at;
  const server = state.servers[index]!;
  if (server.weight === weight) return;
  const pool = state.pools[server.pool]!;
  const alive = server.failing.length === 0;
  const which = `${alive ? '' : 'in'}active service ${server.label} of VS ${pool.label}`;
  journal(call.world, call.process, `Changing weight from ${server.weight} to ${weight} for ${which}`);
  server.weight = weight;
  if (alive && takesServers(pool)) putServer(call.world, ipvs, pool, server, weight);
  quorumOf(at, server.pool, false);
}

const aliveOf = (state: PoolsState, pool: PoolState): PoolServerState[] =>
  pool.servers.map((i) => state.servers[i]!).filter(({ failing }) => failing.length === 0);

const aliveWeight = (state: PoolsState, pool: PoolState): number =>
  aliveOf(state, pool).reduce((sum, { weight }) => sum + weight, 0);

/**
 * The weight of the servers alive against the quorum (update_quorum_state, ipwrapper.c): below
 * quorum − hysteresis, or at 0, it is lost and the sorry server takes their place; from
 * quorum + hysteresis on it is there again.
 */
function quorumOf(at: PoolsCall, index: number, starts: boolean): void {
  const { call, state } = at;
  const { world, process } = call;
  const pool = state.pools[index]!;
  const { quorum, hysteresis } = pool;
  const weight = aliveWeight(state, pool);
  const threshold = pool.hasQuorum ? quorum - hysteresis : quorum + hysteresis;
  if (!pool.hasQuorum && weight >= threshold) {
    pool.hasQuorum = true;
    const sum = `${quorum}+${hysteresis}=${threshold} <= ${weight}`;
    journal(world, process, `Gained quorum ${sum} for VS ${pool.label}`);
    sorryLeaves(at, pool);
    beginScript(call, pool.quorumUp);
  } else if (pool.hasQuorum ? weight < threshold || weight === 0 : starts && pool.sorry !== undefined) {
    pool.hasQuorum = false;
    const what = starts ? 'Starting with quorum down' : 'Lost quorum';
    const sum = `${quorum}-${hysteresis}=${threshold} > ${weight}`;
    journal(world, process, `${what} ${sum} for VS ${pool.label}`);
    sorryStandsIn(at, pool);
    beginScript(call, pool.quorumDown);
  }
}

function sorryLeaves(at: PoolsCall, pool: PoolState): void {
  const { call, ipvs, state } = at;
  const { world, process } = call;
  const { sorry } = pool;
  if (sorry === undefined) return;
  const verb = sorry.inhibit ? 'Disabling' : 'Removing';
  journal(world, process, `${verb} sorry server ${sorry.label} from VS ${pool.label}`);
  takeOut(at, pool, sorry);
  journal(world, process, `Adding alive servers to the pool for VS ${pool.label}`);
  for (const server of aliveOf(state, pool)) putServer(world, ipvs, pool, server, server.weight);
}

function sorryStandsIn(at: PoolsCall, pool: PoolState): void {
  const { call, ipvs, state } = at;
  const { world, process } = call;
  const { sorry } = pool;
  if (sorry === undefined) return;
  const verb = sorry.inhibit ? 'Enabling' : 'Adding';
  journal(world, process, `${verb} sorry server ${sorry.label} to VS ${pool.label}`);
  journal(world, process, `Removing alive servers from the pool for VS ${pool.label}`);
  for (const server of aliveOf(state, pool)) takeOut(at, pool, server);
  putServer(world, ipvs, pool, sorry, 1);
}

/** SIGTERM: the services that it made go, and with them their servers. */
export function stopPools({ call, ipvs, state }: PoolsCall): void {
  for (const pool of state.pools) {
    journal(call.world, call.process, `Removing service ${pool.label}`);
    deleteService(ipvs, call.world.sim, pool.key);
  }
}
