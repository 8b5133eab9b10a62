import { formatIpv4, formatMac } from '@lvscope/inet';
import { formatPrefix } from '../prefix.ts';
import type { IpCommand, IpInvocation, IpOptions, LinkChange, NeighbourQuery } from './command.ts';
import { printIpRoute } from './route.ts';

/** The canonical words behind `ip`. */
export const printIp = ({ options, command }: IpInvocation): string =>
  `${printOptions(options)}${printCommand(command)}`;

function printOptions({ statistics, details, inetOnly, brief, oneline }: IpOptions): string {
  const flags = [inetOnly ? '-4 ' : '', '-s '.repeat(statistics), details ? '-d ' : ''];
  return `${flags.join('')}${brief ? '-br ' : ''}${oneline ? '-o ' : ''}`;
}

const worded = (name: string, value: string | undefined): string =>
  value === undefined ? '' : ` ${name} ${value}`;

function printCommand(command: IpCommand): string {
  const [object, verb] = command.kind.split('-');
  const head = `${object} ${verb}`;
  switch (command.kind) {
    case 'route-add':
    case 'route-append':
    case 'route-change':
    case 'route-replace':
    case 'route-del':
      return `${head} ${printIpRoute(command.route)}`;
    case 'route-show':
    case 'route-flush': {
      const { table, to, dev } = command;
      const main = command.kind === 'route-show' && table === 'main';
      const where = main ? '' : ` table ${table}`;
      return `${head}${where}${worded('to', to && formatPrefix(to))}${worded('dev', dev)}`;
    }
    case 'route-get':
      return `${head} ${formatIpv4(command.address)}`;
    case 'addr-add':
    case 'addr-change':
    case 'addr-replace':
    case 'addr-del': {
      const { address, dev, label, scope } = command;
      return `${head} ${formatPrefix(address)} dev ${dev}${worded('label', label)}${worded('scope', scope)}`;
    }
    case 'addr-flush':
      return `${head} dev ${command.dev}${worded('to', command.to && formatPrefix(command.to))}`;
    case 'addr-show':
    case 'link-show':
      return `${head}${worded('dev', command.dev)}${command.up ? ' up' : ''}`;
    case 'link-set':
      return `${head} dev ${command.dev}${command.changes.map(printLinkChange).join('')}`;
    case 'link-add':
      return `${head} name ${command.name} type ${command.type}`;
    case 'link-del':
      return `${head} dev ${command.dev}`;
    case 'neigh-add':
    case 'neigh-change':
    case 'neigh-replace':
    case 'neigh-del': {
      const mac = worded('lladdr', command.mac === undefined ? undefined : formatMac(command.mac));
      return `${head} ${formatIpv4(command.address)}${mac} dev ${command.dev}${worded('nud', command.state)}`;
    }
    case 'neigh-show':
    case 'neigh-flush':
      return `${head}${printQuery(command.query, command.kind === 'neigh-flush')}`;
    case 'tunnel-add':
    case 'tunnel-del': {
      const { name, remote, local } = command;
      const ends = [worded('remote', remote === undefined ? undefined : formatIpv4(remote))];
      ends.push(worded('local', local === undefined ? undefined : formatIpv4(local)));
      return `${head} name ${name} mode ipip${ends.join('')}`;
    }
    case 'tunnel-show':
      return `${head}${worded('name', command.name)}`;
    case 'rule-show':
      return head;
  }
}

function printQuery({ address, dev, state }: NeighbourQuery, flush: boolean): string {
  const to = worded('to', address && formatPrefix(address));
  const text = `${to}${worded('dev', dev)}${worded('nud', state)}`;
  return text === '' && flush ? ' all' : text;
}

function printLinkChange(change: LinkChange): string {
  switch (change.kind) {
    case 'arp':
      return ` arp ${change.on ? 'on' : 'off'}`;
    case 'mtu':
      return ` mtu ${change.bytes}`;
    case 'address':
      return ` address ${formatMac(change.mac)}`;
    default:
      return ` ${change.kind}`;
  }
}
