import { addArpRule, deleteArpRule, flushArpRules, hostNamed, listArpRules } from '@lvscope/cluster';
import type { ArpRule, CommandResult, Host } from '@lvscope/cluster';
import { formatIpv4, ipv4, parseIpv4 } from '@lvscope/inet';
import { DONE, failed, said, textsOf } from '../../program.ts';
import type { Call } from '../../program.ts';

const WITHOUT_FRAMES =
  'arptables: this world runs without frames (detail: connection), so there is no ARP to filter';

const HELP = "Try `arptables -h' or 'arptables --help' for more information.";

type Chain = ArpRule['chain'];

/** arptables: drop and mangle ARP by address, as the notes have it for the virtual address. */
export function arptables(call: Call): CommandResult {
  const host = hostNamed(call.world, call.host);
  const words = textsOf(call).filter((word) => word !== '-n' && word !== '-v' && word !== '--line-numbers');
  if (!host) return failed(1, 'arptables: no such host');
  if (call.world.net.link === undefined) return failed(1, WITHOUT_FRAMES);
  const [verb = '', name] = words;
  switch (verb) {
    case '-L':
    case '--list':
      return said(list(call, host, chainOf(name)));
    case '-S':
      return said(
        listArpRules(call.world.net, host)
          .map((rule) => `-A ${rule.chain} ${text(rule)}\n`)
          .join(''),
      );
    case '-F':
    case '--flush':
      return flush(call, host, name);
    case '-A':
    case '-I':
    case '-D':
      break;
    case '-P':
    case '-X':
    case '-Z':
      return words.includes('DROP') ? failed(2, 'arptables: only the policy ACCEPT is simulated') : DONE;
    case '':
      return failed(2, `arptables v1.8.9: no command specified\n${HELP}`);
    default:
      return failed(2, `arptables v1.8.9: unknown option "${verb}"\n${HELP}`);
  }
  const chain = chainOf(name);
  if (chain === undefined) {
    return failed(1, `arptables: No chain/target/match by that name.`);
  }
  const rule = readRule(chain, words.slice(2));
  if (typeof rule === 'string') return failed(2, `arptables v1.8.9: ${rule}`);
  return change(call, host, verb, rule);
}

const chainOf = (name: string | undefined): Chain | undefined =>
  name === 'INPUT' || name === 'IN' ? 'INPUT' : name === 'OUTPUT' || name === 'OUT' ? 'OUTPUT' : undefined;

function change({ world }: Call, host: Host, verb: string, rule: ArpRule): CommandResult {
  if (verb === '-D') {
    if (deleteArpRule(world.net, host, rule)) return DONE;
    return failed(1, 'arptables: Bad rule (does a matching rule exist in that chain?).');
  }
  if (verb === '-A') {
    addArpRule(world.net, host, rule);
    return DONE;
  }
  const others = [...listArpRules(world.net, host)];
  flushArpRules(world.net, host);
  for (const one of [rule, ...others]) addArpRule(world.net, host, one);
  return DONE;
}

function flush({ world }: Call, host: Host, name: string | undefined): CommandResult {
  const chain = chainOf(name);
  if (name !== undefined && chain === undefined) {
    return failed(1, 'arptables: No chain/target/match by that name.');
  }
  const kept =
    chain === undefined ? [] : listArpRules(world.net, host).filter((rule) => rule.chain !== chain);
  flushArpRules(world.net, host);
  for (const rule of kept) addArpRule(world.net, host, rule);
  return DONE;
}

/** @returns what is wrong, in a string */
function readRule(chain: Chain, words: readonly string[]): ArpRule | string {
  const rule: { -readonly [Key in keyof ArpRule]: ArpRule[Key] } = { chain, target: 'ACCEPT' };
  for (let i = 0; i < words.length; i += 2) {
    const word = words[i] ?? '';
    const value = words[i + 1];
    if (value === undefined) return `option "${word}" requires an argument`;
    const address = parseIpv4(value.replace(/\/32$/, ''));
    switch (word) {
      case '-s':
      case '--src-ip':
      case '--source-ip':
      case '-d':
      case '--dst-ip':
      case '--destination-ip':
        if (address === undefined) return `host/network \`${value}' not found`;
        rule[word === '-s' || word.includes('so') || word.includes('src') ? 'source' : 'destination'] =
          address;
        break;
      case '-i':
      case '-o':
      case '--in-interface':
      case '--out-interface':
        rule.device = value;
        break;
      case '--opcode':
        rule.operation = { Request: 1, Reply: 2 }[value] ?? Number(value);
        break;
      case '-j':
      case '--jump':
        if (value !== 'DROP' && value !== 'ACCEPT' && value !== 'mangle')
          return `Couldn't load target \`${value}':No such file or directory`;
        rule.target = value;
        break;
      case '--mangle-ip-s':
        if (address === undefined) return `bad --mangle-ip-s ${value}`;
        rule.mangleSource = address;
        break;
      default:
        return `unknown option "${word}"`;
    }
  }
  return rule;
}

function text(rule: ArpRule): string {
  const words = [`-j ${rule.target}`];
  if (rule.device !== undefined) words.push(`${rule.chain === 'INPUT' ? '-i' : '-o'} ${rule.device}`);
  if (rule.source !== undefined) words.push(`-s ${formatIpv4(ipv4(rule.source))}`);
  if (rule.destination !== undefined) words.push(`-d ${formatIpv4(ipv4(rule.destination))}`);
  if (rule.operation !== undefined) words.push(`--opcode ${rule.operation}`);
  if (rule.mangleSource !== undefined) words.push(`--mangle-ip-s ${formatIpv4(ipv4(rule.mangleSource))}`);
  return words.join(' ');
}

function list({ world }: Call, host: Host, only: Chain | undefined): string {
  const chains: readonly Chain[] = only === undefined ? ['INPUT', 'OUTPUT'] : [only];
  return chains
    .map((chain) => {
      const rules = listArpRules(world.net, host).filter((rule) => rule.chain === chain);
      return `Chain ${chain} (policy ACCEPT)\n${rules.map((rule) => `${text(rule)}\n`).join('')}`;
    })
    .join('\n');
}
