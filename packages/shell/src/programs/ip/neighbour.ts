import {
  deleteNeighbour,
  flushNeighbours,
  interfaceByName,
  listNeighbours,
  replaceNeighbour,
} from '@lvscope/cluster';
import type { CommandResult, Host, NeighbourRow, NudState } from '@lvscope/cluster';
import { inPrefix } from '@lvscope/inet';
import type { IpCommand, NeighbourQuery } from '@lvscope/syntax';
import { DONE, failed, said } from '../../program.ts';
import type { Call } from '../../program.ts';
import { showNeighbours } from '../../text/ip-neighbours.ts';
import { extended, netlink, noDevice } from './answers.ts';

const WITHOUT_FRAMES =
  'ip: this world runs without frames (detail: connection): hosts have no neighbour entries to change';

type Change = IpCommand & {
  readonly kind: 'neigh-add' | 'neigh-change' | 'neigh-replace' | 'neigh-del';
};

export function changeNeighbour({ world }: Call, host: Host, command: Change): CommandResult {
  const { kind, address, dev, mac, state } = command;
  if (!interfaceByName(host, dev)) return noDevice(dev);
  if (world.net.link === undefined) return failed(1, WITHOUT_FRAMES);
  const known = listNeighbours(world, host, dev).find((row) => row.address === address);
  if (kind === 'neigh-del') {
    return deleteNeighbour(world, host.name, dev, address) ? DONE : netlink('No such file or directory');
  }
  if (kind === 'neigh-add' && known !== undefined) return netlink('File exists');
  if (kind === 'neigh-change' && known === undefined) return netlink('No such file or directory');
  const to = mac ?? known?.mac;
  if (to === undefined) return extended('No link layer address given.');
  const nud = (state ?? 'permanent').toUpperCase() as NudState;
  replaceNeighbour(world, host.name, dev, address, to, nud);
  return DONE;
}

function chosen({ world }: Call, host: Host, { address, dev, state }: NeighbourQuery): NeighbourRow[] {
  return listNeighbours(world, host, dev)
    .filter((row) => state === undefined || state === 'all' || row.state === state.toUpperCase())
    .filter((row) => state !== undefined || row.state !== 'NOARP')
    .filter((row) => address === undefined || inPrefix(row.address, address.address, address.prefixLength));
}

export function listNeighbourCache(
  call: Call,
  host: Host,
  query: NeighbourQuery,
  statistics: boolean,
): CommandResult {
  const { dev } = query;
  if (dev !== undefined && !interfaceByName(host, dev)) return noDevice(dev);
  return said(showNeighbours(chosen(call, host, query), dev === undefined, statistics));
}

/** All but PERMANENT and NOARP entries, unless a state is named. */
export function flushNeighbourCache(
  call: Call,
  host: Host,
  query: NeighbourQuery,
  talkative: boolean,
): CommandResult {
  const { dev } = query;
  if (dev !== undefined && !interfaceByName(host, dev)) return noDevice(dev);
  const before = listNeighbours(call.world, host, dev).length;
  for (const { device, address } of chosen(call, host, query)) {
    flushNeighbours(call.world, host.name, device, address);
  }
  const gone = before - listNeighbours(call.world, host, dev).length;
  if (!talkative) return DONE;
  if (gone === 0) return said('Nothing to flush.\n');
  return said(`\n*** Round 1, deleting ${gone} entries ***\n*** Flush is complete after 1 round ***\n`);
}
