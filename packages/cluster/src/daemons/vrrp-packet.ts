import { type Ipv4, ipv4 } from '@lvscope/inet';

/** IP protocol number of VRRP. */
export const PROTO_VRRP = 112;
/** 224.0.0.18 (RFC 5798). */
export const VRRP_GROUP: Ipv4 = ipv4(0xe000_0012);
/** Hops that an advertisement must still have: it comes from the same segment. */
export const VRRP_TTL = 255;

/** A VRRP advertisement (RFC 3768 version 2, RFC 5798 version 3). */
export interface Advertisement {
  readonly version: 2 | 3;
  readonly routerId: number;
  /** 0: the master gives up. */
  readonly priority: number;
  /** Version 2 knows whole seconds, version 3 hundredths. */
  readonly intervalSeconds: number;
  readonly addresses: readonly Ipv4[];
}

const HEADER = 8;
/** Version 2 ends with eight bytes of authentication data; here there is none. */
const AUTHENTICATION = 8;

export function encodeAdvertisement(
  advert: Advertisement,
  source: Ipv4,
  destination: Ipv4,
): Uint8Array<ArrayBuffer> {
  const { version, addresses } = advert;
  const size = HEADER + 4 * addresses.length + (version === 2 ? AUTHENTICATION : 0);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, (version << 4) | 1);
  view.setUint8(1, advert.routerId);
  view.setUint8(2, advert.priority);
  view.setUint8(3, addresses.length);
  if (version === 2) view.setUint8(5, Math.floor(advert.intervalSeconds));
  else view.setUint16(4, Math.floor(advert.intervalSeconds * 100 + 0.5) & 0xfff);
  for (const [i, address] of addresses.entries()) view.setUint32(HEADER + 4 * i, address);
  // version 3 counts a pseudo header in
  let sum = 0;
  if (version === 3) {
    for (const address of [source, destination]) sum += (address >>> 16) + (address & 0xffff);
    sum += PROTO_VRRP + size;
  }
  for (let at = 0; at < size; at += 2) sum += view.getUint16(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  view.setUint16(6, ~sum & 0xffff);
  return bytes;
}

/** @returns undefined where the bytes are no advertisement of a version that is known */
export function decodeAdvertisement(bytes: Uint8Array): Advertisement | undefined {
  if (bytes.length < HEADER) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint8(0) >> 4;
  if ((version !== 2 && version !== 3) || (view.getUint8(0) & 15) !== 1) return undefined;
  const count = view.getUint8(3);
  if (bytes.length < HEADER + 4 * count) return undefined;
  const addresses = Array.from({ length: count }, (_, i) => ipv4(view.getUint32(HEADER + 4 * i)));
  return {
    version,
    routerId: view.getUint8(1),
    priority: view.getUint8(2),
    intervalSeconds: version === 2 ? view.getUint8(5) : (view.getUint16(4) & 0xfff) / 100,
    addresses,
  };
}
