/** Short lines: readers of streams look for the end of one in every segment. */
const LINE = 'LVScope\n';

const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0) & 127);

const FILLER: readonly number[] = ascii(LINE);

/** What a stream has at a place: the same byte each time it is sent, by whichever hop. */
function filler(place: number, length: number): number[] {
  const bytes: number[] = [];
  for (let i = 0; i < length; i++) bytes.push(FILLER[(place + i) % FILLER.length]!);
  return bytes;
}

/** The least that a request needs for its first line and its end. */
const REQUEST_HEAD = 'GET / HTTP/1.1\r\nHost: lvs\r\nX-Fill: ';
const REQUEST_END = '\r\n\r\n';

/** One request of exactly so many bytes; shorter than the least, plain text. */
function request(length: number): number[] {
  const fill = length - REQUEST_HEAD.length - REQUEST_END.length;
  if (fill < 0) return filler(0, length);
  return [...ascii(REQUEST_HEAD), ...Array.from({ length: fill }, () => 0x2e), ...ascii(REQUEST_END)];
}

/**
 * Plausible bytes of a TCP segment. The engine counts bytes and carries none, so these are made: the same for
 * a segment at every hop and whenever it is sent again. A reply is plain text: of an HTTP head the length of
 * what follows would have to be known.
 * @param place of the segment's first byte in its stream, -1 = unknown
 * @param toServer whether it goes to the side that listens
 */
export function tcpPayload(place: number, length: number, toServer: boolean): number[] {
  if (length === 0) return [];
  if (toServer && length <= 1460 && place >= 0) return request(length);
  return filler(Math.max(0, place), length);
}

/** A question for the address of `lvs`, class IN (RFC 1035). */
const QUESTION: readonly number[] = [3, 0x6c, 0x76, 0x73, 0, 0, 1, 0, 1];

/** What a datagram carries: on port 53 a question or its bare answer, else zeros. */
export function datagramPayload(sourcePort: number, destinationPort: number, length: number): number[] {
  const bytes = Array.from({ length }, () => 0);
  const dns = sourcePort === 53 || destinationPort === 53;
  if (!dns || length < 12 + QUESTION.length) return bytes;
  const head = [0x1a, 0x2b, sourcePort === 53 ? 0x81 : 0x01, sourcePort === 53 ? 0x80 : 0, 0, 1];
  for (const [i, byte] of [...head, 0, 0, 0, 0, 0, 0, ...QUESTION].entries()) bytes[i] = byte;
  return bytes;
}

/** What ping sends: a time, then counting bytes (iputils). */
export function echoPayload(length: number): number[] {
  return Array.from({ length }, (_, i) => (i < 16 ? 0 : i & 255));
}
