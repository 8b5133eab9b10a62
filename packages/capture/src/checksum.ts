/** The Internet checksum (RFC 1071) of bytes [from, to), with a sum carried in. */
export function checksum(bytes: readonly number[], from: number, to: number, carried = 0): number {
  let sum = carried;
  for (let i = from; i < to; i += 2) sum += (bytes[i]! << 8) | (i + 1 < to ? bytes[i + 1]! : 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

/** The sum of TCP's and UDP's pseudo header (RFC 9293, 3.1). */
export function pseudoHeader(source: number, destination: number, protocol: number, length: number): number {
  return (
    (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff) + protocol + length
  );
}
