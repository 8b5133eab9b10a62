/** An interface of a capture file. */
export interface CaptureInterface {
  /** `d1:eth0` */
  readonly name: string;
  readonly description: string;
  /** Bits a second; 0 = unlimited. */
  readonly speed: number;
}

/** A packet of a capture file. */
export interface CapturePacket {
  /** Index among the file's interfaces. */
  readonly interface: number;
  /** ns since the run began. */
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly direction: 'in' | 'out';
  /** Empty: none. */
  readonly comment: string;
}

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
const BYTE_ORDER = 0x1a2b3c4d;
const LINKTYPE_ETHERNET = 1;

const OPT_END = 0;
const OPT_COMMENT = 1;
const SHB_USERAPPL = 4;
const IF_NAME = 2;
const IF_DESCRIPTION = 3;
const IF_SPEED = 8;
const IF_TSRESOL = 9;
const EPB_FLAGS = 2;

/** 10^-9 s. */
const NANOSECONDS = 9;

/** UTF-8, without what only browsers and Node have. */
function utf8(text: string): number[] {
  const bytes: number[] = [];
  const escaped = encodeURIComponent(text);
  for (let i = 0; i < escaped.length; i++) {
    if (escaped[i] === '%') {
      bytes.push(Number.parseInt(escaped.slice(i + 1, i + 3), 16));
      i += 2;
    } else bytes.push(escaped.charCodeAt(i));
  }
  return bytes;
}

const u16 = (value: number): number[] => [value & 255, (value >>> 8) & 255];
const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(value >>> 16)];
const u64 = (value: number): number[] => [...u32(value % 2 ** 32), ...u32(Math.floor(value / 2 ** 32))];

function padded(bytes: number[]): number[] {
  while (bytes.length % 4 !== 0) bytes.push(0);
  return bytes;
}

function option(code: number, content: readonly number[]): number[] {
  return [...u16(code), ...u16(content.length), ...padded([...content])];
}

/** A block with its length on both sides. */
function block(type: number, body: readonly number[]): Uint8Array {
  const length = body.length + 12;
  return Uint8Array.from([...u32(type), ...u32(length), ...body, ...u32(length)]);
}

/**
 * The beginning of a pcapng file (draft-ietf-opsawg-pcapng): section header and interfaces, stamps in
 * nanoseconds.
 */
export function pcapngHeader(interfaces: readonly CaptureInterface[], application: string): Uint8Array[] {
  const options = [...option(SHB_USERAPPL, utf8(application)), ...option(OPT_END, [])];
  // a section of unknown length: 2^64 − 1
  const unknown = [...u32(0xffffffff), ...u32(0xffffffff)];
  const section = block(SECTION_HEADER, [...u32(BYTE_ORDER), ...u16(1), ...u16(0), ...unknown, ...options]);
  return [section, ...interfaces.map(interfaceBlock)];
}

function interfaceBlock({ name, description, speed }: CaptureInterface): Uint8Array {
  return block(INTERFACE_DESCRIPTION, [
    ...u16(LINKTYPE_ETHERNET),
    ...u16(0),
    ...u32(0),
    ...option(IF_NAME, utf8(name)),
    ...(description === '' ? [] : option(IF_DESCRIPTION, utf8(description))),
    ...(speed > 0 ? option(IF_SPEED, u64(speed)) : []),
    ...option(IF_TSRESOL, [NANOSECONDS]),
    ...option(OPT_END, []),
  ]);
}

/** One packet. Its reason, where it has one, is the packet's comment. */
export function pcapngPacket(packet: CapturePacket): Uint8Array {
  const { bytes, at } = packet;
  const direction = packet.direction === 'in' ? 1 : 2;
  return block(ENHANCED_PACKET, [
    ...u32(packet.interface),
    ...u32(Math.floor(at / 2 ** 32)),
    ...u32(at % 2 ** 32),
    ...u32(bytes.length),
    ...u32(bytes.length),
    ...padded([...bytes]),
    ...(packet.comment === '' ? [] : option(OPT_COMMENT, utf8(packet.comment))),
    ...option(EPB_FLAGS, u32(direction)),
    ...option(OPT_END, []),
  ]);
}
