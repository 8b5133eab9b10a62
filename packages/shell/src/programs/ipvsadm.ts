import {
  addDestination,
  addService,
  daemons,
  deleteDestination,
  deleteService,
  editDestination,
  editService,
  findService,
  flush,
  ipvsOf,
  setTimeouts,
  startSync,
  stopSync,
  timeouts,
  zeroStats,
} from '@lvscope/cluster';
import type { CommandResult, Ipvs, IpvsResult, SyncDaemon } from '@lvscope/cluster';
import { parseIpvsadm, placeWords, SEGMENTATION_FAULT } from '@lvscope/syntax';
import type { DaemonSettings, IpvsadmCommand, PlacedWord } from '@lvscope/syntax';
import {
  destinationKey,
  destinationSettings,
  listConnections,
  listService,
  listServices,
} from '../ipvs-data.ts';
import { DONE, failed, said } from '../program.ts';
import type { Call } from '../program.ts';
import { formatConnections } from '../text/connections.ts';
import { formatSave, formatServices, formatVersionLine } from '../text/services.ts';
import { IPVSADM_HELP, IPVSADM_VERSION } from './ipvsadm-help.ts';

const TRY_HELP = "Try `ipvsadm -h' or 'ipvsadm --help' for more information.";

/** ipvsadm 1.31 on this host. */
export function ipvsadm(call: Call): CommandResult {
  const ipvs = ipvsOf(call.world, call.host);
  // not recorded: the recorded hosts without IPVS have no ipvsadm either
  if (!ipvs) {
    const question = 'Are you sure that IP Virtual Server is built in the kernel or as module?';
    return failed(2, `Can't initialize ipvs: Protocol not available\n${question}`);
  }
  return runArguments(call, ipvs, call.args, false).result;
}

/** `ipvsadm-save`: a script around `ipvsadm -S` that takes -n. */
export function ipvsadmSave(call: Call): CommandResult {
  return ipvsadm({ ...call, args: [{ text: '-S', line: 1, column: 1 }, ...call.args] });
}

/** `ipvsadm-restore`: a script around `ipvsadm -R`. */
export function ipvsadmRestore(call: Call): CommandResult {
  return ipvsadm({ ...call, args: [{ text: '-R', line: 1, column: 1 }] });
}

/** What a command did, and whether the program ended with it (in -R, the lines behind it are then unread). */
interface Outcome {
  readonly result: CommandResult;
  readonly ended: boolean;
}

function runArguments(call: Call, ipvs: Ipvs, args: readonly PlacedWord[], restoring: boolean): Outcome {
  const read = parseIpvsadm(args, call.names);
  if (!read.ok) {
    const { rc, err } = read.refusal;
    // only what popt finds behind the first option lets -R go on
    const ended = rc === 2 || rc === SEGMENTATION_FAULT || err === `${TRY_HELP}\n`;
    return { result: { rc, out: '', err }, ended };
  }
  const { command } = read;
  if (command.kind === 'restore') {
    if (restoring) {
      return { result: failed(255, TRY_HELP), ended: true };
    }
    return { result: restore(call, ipvs), ended: false };
  }
  const result = carryOut(call, ipvs, command);
  return { result, ended: result.rc === 1 || command.kind === 'help' || command.kind === 'version' };
}

/**
 * Each line is an invocation of its own; the last one's success is that of the whole. Blanks, tabs and
 * carriage returns part words, and nothing protects them: no quotes, no comments, no continued lines. A last
 * line without newline is lost where two of them or more stand at its end (1.31).
 */
function restore(call: Call, ipvs: Ipvs): CommandResult {
  let out = '';
  let err = '';
  let rc = 0;
  const lines = call.input.split('\n');
  if (/[ \t\r]{2}$/.test(call.input)) lines.pop();
  for (const line of lines) {
    const words = placeWords(line.split(/[ \t\r]+/).filter((word) => word !== ''));
    const args = words[0]?.text === 'ipvsadm' ? words.slice(1) : words;
    if (args.length === 0) continue;
    const { result, ended } = runArguments(call, ipvs, args, true);
    out += result.out;
    err += result.err;
    rc = result.rc;
    if (ended) break;
  }
  return { rc, out, err };
}

function carryOut(call: Call, ipvs: Ipvs, command: IpvsadmCommand): CommandResult {
  const { sim } = call.world;
  switch (command.kind) {
    case 'add-service':
      return answer(addService(ipvs, sim, { key: command.service, ...command.settings }), command);
    case 'edit-service':
      return answer(editService(ipvs, sim, command.service, command.settings), command);
    case 'delete-service':
      return answer(deleteService(ipvs, sim, command.service), command);
    case 'add-server':
    case 'edit-server': {
      const change = command.kind === 'add-server' ? addDestination : editDestination;
      const settings = destinationSettings(command.settings);
      return answer(change(ipvs, sim, command.service, destinationKey(command.server), settings), command);
    }
    case 'delete-server':
      return answer(deleteDestination(ipvs, sim, command.service, destinationKey(command.server)), command);
    case 'flush':
      flush(ipvs, sim);
      return DONE;
    case 'zero':
      return answer(zeroStats(ipvs, command.service), command);
    case 'set-timeouts':
      return answer(setTimeouts(ipvs, command.tcp, command.tcpFin, command.udp), command);
    case 'start-daemon':
      return startDaemon(call, command);
    case 'stop-daemon':
      return answer(stopSync(call.world, call.host, command.role), command);
    case 'save':
      return said(formatSave(listServices(ipvs), command.numeric ? [] : call.names));
    case 'list':
      return list(call, ipvs, command);
    case 'help':
      return said(IPVSADM_VERSION + IPVSADM_HELP);
    case 'version':
      return said(IPVSADM_VERSION);
    case 'restore':
      return DONE;
  }
}

function startDaemon(call: Call, daemon: DaemonSettings): CommandResult {
  const refused = startSync(call.world, call.host, daemon.role, daemon.interface, daemon.syncId, daemon);
  return answer(refused, { kind: 'start-daemon', ...daemon });
}

/** The words of libipvs for the kernel's answer to a command. */
function answer(refused: IpvsResult, command: IpvsadmCommand): CommandResult {
  return refused ? failed(255, kernelWords(refused.code, command.kind)) : DONE;
}

function kernelWords(code: NonNullable<IpvsResult>['code'], kind: IpvsadmCommand['kind']): string {
  switch (code) {
    case 'EEXIST':
      if (kind === 'start-daemon') return 'Daemon has already run';
      return kind === 'add-server' ? 'Destination already exists' : 'Service already exists';
    case 'ESRCH':
      if (kind === 'stop-daemon') return 'No daemon is running';
      return kind.endsWith('-server') ? 'Service not defined' : 'No such service';
    case 'ENOENT':
      return kind.endsWith('-server') ? 'No such destination' : 'Scheduler or persistence engine not found';
    case 'ENODEV':
      return 'No such device';
    case 'ERANGE':
      return 'Numerical result out of range';
    case 'EPERM':
      return 'Permission denied (you must be root)';
    case 'EINVAL':
      return 'Invalid operation.  Possibly wrong module version, address not unicast, ...';
  }
}

function list(
  call: Call,
  ipvs: Ipvs,
  { what, format }: Extract<IpvsadmCommand, { kind: 'list' }>,
): CommandResult {
  switch (what.kind) {
    case 'services': {
      const size = 2 ** ipvs.tableBits;
      return said(formatVersionLine(size) + formatServices(listServices(ipvs), format, call.names));
    }
    case 'service': {
      const service = findService(ipvs, what.service);
      if (!service) return failed(1, 'No such service');
      return said(formatServices([listService(service)], format, call.names));
    }
    case 'connections': {
      const names = format.numeric ? [] : call.names;
      const { persistentConn } = format;
      return said(formatConnections(listConnections(call.world, ipvs), { persistentConn, names }));
    }
    case 'timeout': {
      const { tcp, tcpFin, udp } = timeouts(ipvs);
      return said(`Timeout (tcp tcpfin udp): ${tcp} ${tcpFin} ${udp}\n`);
    }
    case 'daemon':
      return said(daemons(ipvs).map(daemonLine).join(''));
  }
}

function daemonLine(daemon: SyncDaemon): string {
  const { maxLength, group, port, ttl } = daemon;
  const more = `maxlen=${maxLength}, group=${group}, port=${port}, ttl=${ttl}`;
  return `${daemon.role} sync daemon (mcast=${daemon.interface}, syncid=${daemon.syncId}, ${more})\n`;
}
