import { formatEndpoint, ipv4 } from '@lvscope/inet';

/** `10.1.0.10:41877`: the client's end of a connection, of the number that stands for it. */
export function flowText(flow: number): string {
  return formatEndpoint(ipv4(Math.floor(flow / 65_536)), flow % 65_536);
}
