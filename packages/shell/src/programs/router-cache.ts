import { cacheLifetime, flushNeighbours, setCacheLifetime } from '@lvscope/cluster';
import { parseIpv4 } from '@lvscope/inet';
import { DONE, failed, textsOf } from '../program.ts';
import type { Program } from '../program.ts';

/**
 * `clear arp-cache`, `clear ip arp ADDRESS` on devices whose cache is not Linux'; without words it
 * is the terminal's.
 */
export const clearOr =
  (terminal: Program): Program =>
  (call) => {
    const words = textsOf(call);
    if (words.length === 0) return terminal(call);
    if (cacheLifetime(call.world, call.host) === undefined) {
      return failed(1, "clear: this host's cache is Linux': use ip neigh flush");
    }
    const address = parseIpv4(words[2] ?? '');
    if (words[0] === 'arp-cache' && words.length === 1) flushNeighbours(call.world, call.host);
    else if (words[0] === 'ip' && words[1] === 'arp' && address !== undefined) {
      flushNeighbours(call.world, call.host, undefined, address);
    } else return failed(1, 'usage: clear arp-cache | clear ip arp ADDRESS');
    return DONE;
  };

/** `arp timeout SECONDS` on such a device (0: until it is cleared); other words are net-tools' arp. */
export const arpOr =
  (tool: Program): Program =>
  (call) => {
    const [word, seconds = ''] = textsOf(call);
    if (word !== 'timeout') return tool(call);
    if (!/^\d{1,7}$/.test(seconds)) return failed(1, 'usage: arp timeout SECONDS');
    if (setCacheLifetime(call.world, call.host, Number(seconds))) return DONE;
    return failed(1, "arp: this host's cache is Linux': set net.ipv4.neigh.DEV.base_reachable_time_ms");
  };
