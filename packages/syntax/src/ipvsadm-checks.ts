import { PROTO_UDP } from '@lvscope/inet';
import type { IpvsadmRefusal } from './ipvsadm-command.ts';
import { refusal } from './ipvsadm-draft.ts';
import type { Draft } from './ipvsadm-draft.ts';
import { CHECKED_OPTIONS, STANCES } from './ipvsadm-options.ts';
import type { CheckedOption, CommandTag, Stance } from './ipvsadm-options.ts';

/** Whether the options fit the command. @param end index behind the last word */
export function checkOptions(command: CommandTag, draft: Draft, end: number): IpvsadmRefusal | undefined {
  const stances = STANCES[command];
  return checkStances(CHECKED_OPTIONS, (option) => stances[option], draft, end, `'${command}' command`);
}

function checkStances(
  options: readonly CheckedOption[],
  stanceOf: (option: CheckedOption) => Stance | undefined,
  draft: Draft,
  end: number,
  owner: string,
): IpvsadmRefusal | undefined {
  let first: CheckedOption | undefined;
  for (const option of options) {
    const stance = stanceOf(option);
    const word = draft.seen.get(option);
    if (word === undefined) {
      if (stance !== 'needed') continue;
      const text = `You need to supply the '${option}' option for the ${owner}`;
      return refusal(2, text, end, `the '${option}' option`);
    }
    if (stance === undefined) {
      return refusal(2, `Illegal '${option}' option with the ${owner}`, word, `no '${option}' option here`);
    }
    if (stance !== 'exclusive') continue;
    if (first !== undefined) {
      const text = `The option '${option}' conflicts with the '${first}' option in the ${owner}`;
      return refusal(2, text, word, `only one of '${first}' and '${option}'`);
    }
    first = option;
  }
  return undefined;
}

/** What ipvsadm checks behind the options' table. */
export function checkMeaning(command: CommandTag, draft: Draft, end: number): IpvsadmRefusal | undefined {
  switch (command) {
    case 'add-service':
    case 'edit-service':
      return checkService(draft, end);
    case 'add-server':
    case 'edit-server':
      return checkServerFamily(draft, end);
    case 'list':
      return checkList(draft, end);
    default:
      return undefined;
  }
}

function checkService(draft: Draft, end: number): IpvsadmRefusal | undefined {
  const { service } = draft;
  const at = draft.seen.get('service-address') ?? end;
  if (service.mark === 0 && service.port === 0 && draft.persistenceSeconds === 0) {
    const wanted = 'a port, or -p for a service of all ports';
    return refusal(2, 'Zero port specified for non-persistent service', at, wanted);
  }
  if (draft.onePacket && service.mark === 0 && service.protocol !== PROTO_UDP) {
    const text = 'One-Packet Scheduling is only for UDP virtual services';
    return refusal(2, text, draft.seen.get('ops') ?? end, '-o with -u or -f only');
  }
  return undefined;
}

function checkServerFamily(draft: Draft, end: number): IpvsadmRefusal | undefined {
  if (draft.server.family === draft.service.family || draft.method === 'tunnel') return undefined;
  const text = 'Different address family is allowed only for tunneling servers';
  return refusal(2, text, draft.seen.get('real-server') ?? end, 'a server of the same family as the service');
}

const has = (draft: Draft, ...options: readonly CheckedOption[]): boolean =>
  options.some((option) => draft.seen.has(option));

/** `-c` goes with --persistent-conn (recorded), --timeout and --daemon do not (read, not recorded). */
function checkList(draft: Draft, end: number): IpvsadmRefusal | undefined {
  const conflict =
    (has(draft, 'connection', 'timeout', 'daemon') && has(draft, 'stats', 'rate', 'thresholds')) ||
    (has(draft, 'timeout', 'daemon') && has(draft, 'persistent-conn'));
  if (!conflict) return undefined;
  const wanted = 'no --stats, --rate, --thresholds with -c, --timeout, --daemon';
  return refusal(2, 'options conflicts in the list command', end, wanted);
}

const TUNNEL_OPTIONS = ['tun-port', 'tun-nocsum', 'tun-csum', 'tun-remcsum'] as const;

/** What each tunnel type says to the options of tunnels; in the tool's documentation, not recorded. */
const TUNNEL_STANCES: Readonly<
  Record<'ipip' | 'gue' | 'gre', Readonly<Partial<Record<CheckedOption, Stance>>>>
> = {
  ipip: {},
  gue: {
    'tun-port': 'needed',
    'tun-nocsum': 'exclusive',
    'tun-csum': 'exclusive',
    'tun-remcsum': 'exclusive',
  },
  gre: { 'tun-nocsum': 'exclusive', 'tun-csum': 'exclusive' },
};

/** Whether the options of tunnels fit the method and the type. */
export function checkTunnel(command: CommandTag, draft: Draft, end: number): IpvsadmRefusal | undefined {
  if (command !== 'add-server' && command !== 'edit-server') return undefined;
  const given = (['tun-type', ...TUNNEL_OPTIONS] as const).find((option) => draft.seen.has(option));
  if (given !== undefined && draft.method !== 'tunnel') {
    const at = draft.seen.get(given) ?? end;
    return refusal(2, 'Tunnel options conflict with forward method', at, 'options of tunnels with -i only');
  }
  const stances = TUNNEL_STANCES[draft.tunnelType];
  return checkStances(
    TUNNEL_OPTIONS,
    (option) => stances[option],
    draft,
    end,
    `'${draft.tunnelType}' tunnel type`,
  );
}
