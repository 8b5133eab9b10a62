import { formatIpv4, type Ipv4 } from '@lvscope/inet';
import {
  formatServerAddress,
  formatServiceOption,
  type IpvsadmCommand,
  type PlacedCommand,
  parseRules,
  printIpvsadm,
  type ServiceAddress,
} from '@lvscope/syntax';
import type { ScenarioProblem } from '../problem.ts';

/** A virtual server of the rules with its real servers. */
export interface RuleService {
  readonly key: ServiceAddress;
  readonly option: string;
  readonly servers: RuleServer[];
}

export interface RuleServer {
  readonly address: Ipv4;
  readonly port: number;
  readonly method: 'masq' | 'tunnel' | 'route';
}

export interface Rules {
  readonly services: readonly RuleService[];
  /** The rules as `ipvsadm -Sn` would print them. */
  readonly text: string;
  /** Commands that are no rules but go with them: `--set`. */
  readonly setup: readonly string[];
  /** Services or servers that are stored but get no load: IPv6, SCTP. */
  readonly quiet: readonly string[];
}

export type RulesRead =
  | { readonly ok: true; readonly rules: Rules }
  | { readonly ok: false; readonly problems: readonly ScenarioProblem[] };

/** Reads rules and holds them together as ipvsadm would when it carries them out line by line. */
export function readRules(text: string): RulesRead {
  const nul = text.indexOf('\0');
  if (nul >= 0) return refused('binary', 1, 1, `a NUL character at offset ${nul}`, 'the text of ipvsadm -Sn');
  const { commands, problems } = parseRules(text);
  if (problems.length > 0) {
    return {
      ok: false,
      problems: problems.map((problem) => ({ ...problem, code: 'rules', path: '' })),
    };
  }
  const reader = new Map<string, RuleService>();
  const lines: string[] = [];
  const setup: string[] = [];
  const quiet: string[] = [];
  const wrong: ScenarioProblem[] = [];
  for (const placed of commands) {
    const found = printIpvsadm(placed.command);
    const wanted = take(placed.command, reader, quiet);
    if (wanted !== undefined) {
      wrong.push({ code: 'rules', path: '', line: placed.line, column: placed.column, found, wanted });
    } else if (placed.command.kind === 'set-timeouts') setup.push(found);
    else if (isRule(placed)) lines.push(found);
  }
  if (wrong.length > 0) return { ok: false, problems: wrong };
  if (reader.size === 0) {
    return refused(
      'rules',
      1,
      1,
      'no virtual service',
      'at least one rule such as -A -t 192.168.1.6:80 -s wlc',
    );
  }
  const rules = { services: [...reader.values()], text: `${lines.join('\n')}\n`, setup, quiet };
  return { ok: true, rules };
}

function refused(
  code: ScenarioProblem['code'],
  line: number,
  column: number,
  found: string,
  wanted: string,
): RulesRead {
  return { ok: false, problems: [{ code, path: '', line, column, found, wanted }] };
}

const isRule = ({ command }: PlacedCommand): boolean =>
  command.kind === 'add-service' || command.kind === 'add-server';

/** Takes one command in. @returns what is wanted instead, where it cannot be taken. */
function take(
  command: IpvsadmCommand,
  services: Map<string, RuleService>,
  quiet: string[],
): string | undefined {
  switch (command.kind) {
    case 'flush':
    case 'set-timeouts':
      return undefined;
    case 'add-service': {
      const option = formatServiceOption(command.service);
      if (services.has(option)) return 'each service once (ipvsadm: Service already exists)';
      services.set(option, { key: command.service, option, servers: [] });
      if (command.service.kind === 'address6' || isSctp(command.service)) quiet.push(option);
      return undefined;
    }
    case 'add-server': {
      const option = formatServiceOption(command.service);
      const service = services.get(option);
      if (!service) return `a -A ${option} before it (ipvsadm: Service not defined)`;
      const { server, settings } = command;
      if (server.family === 6) {
        quiet.push(`${option} ${formatServerAddress(server)}`);
        return undefined;
      }
      const twin = service.servers.find(
        ({ address, port }) => address === server.address && port === server.port,
      );
      if (twin) return 'each server of a service once (ipvsadm: Destination already exists)';
      if (server.address >>> 24 === 127) return `a real server other than ${formatIpv4(server.address)}`;
      service.servers.push({ address: server.address, port: server.port, method: settings.method });
      return undefined;
    }
    default:
      return 'rules only: -A, -a, --set';
  }
}

const isSctp = (key: ServiceAddress): boolean => key.kind === 'address' && key.protocol === 132;
