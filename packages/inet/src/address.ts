/** An IPv4 address as an unsigned 32-bit integer in host order: the first octet is the most significant. */
export type Ipv4 = number & { readonly __unit: 'Ipv4' };

/** A TCP, UDP or SCTP port, 0 to 65535. 0 means "any" where a service or a template allows it. */
export type Port = number & { readonly __unit: 'Port' };

/** An Ethernet address as an integer below 2^48. */
export type Mac = number & { readonly __unit: 'Mac' };

/** Brands an integer as an address; the low 32 bits count. */
export const ipv4 = (value: number): Ipv4 => (value >>> 0) as Ipv4;

/** Brands an integer as a port; the low 16 bits count. */
export const port = (value: number): Port => (value & 0xffff) as Port;

/**
 * Reads a dotted quad, strictly: four decimal octets, nothing else.
 * @returns undefined where the text is anything else.
 */
export function parseIpv4(text: string): Ipv4 | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return undefined;
  let value = 0;
  for (const octet of match.slice(1)) {
    const n = Number(octet);
    if (n > 255) return undefined;
    value = value * 256 + n;
  }
  return ipv4(value);
}

/** The dotted quad of an address. */
export function formatIpv4(address: Ipv4): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** `address:port`, as `ipvsadm -n` and `ss -n` print it. */
export function formatEndpoint(address: Ipv4, endpointPort: number): string {
  return `${formatIpv4(address)}:${endpointPort}`;
}

/** The netmask of a prefix length, 0 to 32. */
export function netmask(prefixLength: number): Ipv4 {
  return ipv4(prefixLength <= 0 ? 0 : 0xffffffff << (32 - prefixLength));
}

/** Whether `address` lies in `network/prefixLength`. */
export function inPrefix(address: Ipv4, network: Ipv4, prefixLength: number): boolean {
  const mask = netmask(prefixLength);
  return (address & mask) === (network & mask);
}

/** Six octets in hexadecimal with colons, as `ip link` prints them. */
export function formatMac(mac: Mac | number): string {
  return mac
    .toString(16)
    .padStart(12, '0')
    .replace(/(..)(?=.)/g, '$1:');
}

/** @returns undefined where the text is not six hexadecimal octets with colons. */
export function parseMac(text: string): Mac | undefined {
  if (!/^([0-9a-f]{1,2}:){5}[0-9a-f]{1,2}$/i.test(text)) return undefined;
  return text.split(':').reduce((value, octet) => value * 256 + Number.parseInt(octet, 16), 0) as Mac;
}
