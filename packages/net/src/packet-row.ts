/*
 * A packet is a row of 2^PACKET words, two lines of a processor's cache: rows[(packet << PACKET) | SOURCE] is
 * where it comes from. Shifts, because of a product that could leave the range of int32 the JavaScript engine
 * makes one of doubles. What the ring of frames keeps of a packet stands first, so that it is copied as it is
 * (link/frame-row.ts).
 */
export const PACKET = 5;
/** The same row in doubles. */
export const PACKET_REALS = 4;
export const PROTOCOL = 0;
export const FLAGS = 1;
export const TTL = 2;
/** Bit set: DF 1, hand-made 2, ... (OPTION_*) */
export const OPTIONS = 3;
export const SOURCE = 4;
export const DESTINATION = 5;
export const SOURCE_PORT = 6;
export const DESTINATION_PORT = 7;
export const SEQ = 8;
export const ACK = 9;
export const WINDOW = 10;
/** Bytes of IP and transport header of each packet. */
export const HEADERS = 11;
/** A double: bytes of payload of the whole train. */
export const PAYLOAD = 6;
/** A double, of packet level: which journey the packet is on, 0 = none yet. */
export const JOURNEY = 7;
/** IPIP: the outer header, 0 where there is none. For ICMP: of the embedded packet. */
export const OUTER_SOURCE = 16;
export const OUTER_DESTINATION = 17;
export const MARK = 18;
/** MSS option of a SYN, 0 for none. */
export const MSS = 19;
/** Also of the packet in a tunnel, while TTL is the outer header's. */
export const INNER_TTL = 20;
/** Packets of the train. From here on a frame says nothing of it. */
export const COUNT = 21;
/** Payload of every packet of the train but the last, bytes; for a train of ACKs the step of ACK. */
export const UNIT = 22;
/** Every so many packets of the train carry PSH, as the last of a GSO burst; 0 = only the last may. */
export const PUSH_STEP = 23;
/** What an ICMP error quotes; of a SYN the clock that its timestamp shows (`clockShown`), 0 for none. */
export const INNER_SEQ = 24;
/** IN_USE, or of a free row the next free one. */
export const NEXT = 25;
/** IN_RING, IN_PRINT, IS_SEGMENT; `changePacket` takes all away. */
export const SHOWN = 26;
/** How many contents the ring of frames had when it was written there. */
export const SHOWN_AT = 27;
/**
 * What the ring of frames keeps of the packet is still what it says, but for the TTL, which every frame keeps
 * for itself.
 */
export const IN_RING = 1;
/** What it says is in the fingerprint of the frames. */
export const IN_PRINT = 2;
/** Noted with that: it is a whole TCP segment, and in no tunnel. */
export const IS_SEGMENT = 4;
/** So many words are a packet's. */
export const PACKET_WORDS = 25;

export const IN_USE = 0xffff_ffff;
/** The end of the list of free rows; an int32, as rows are: V8 keeps a number beyond that as a double. */
export const NONE_FREE = -2;

/** ICMP's own words stand apart: icmp[(packet << ICMP) | ICMP_TYPE]. */
export const ICMP = 4;
export const ICMP_WORDS = 12;
export const ICMP_TYPE = 0;
export const ICMP_CODE = 1;
/** Of a "fragmentation needed". */
export const ICMP_MTU = 2;
/** What the embedded header says; of an echo its id and number as ports. */
export const INNER_PROTOCOL = 3;
export const INNER_SOURCE = 4;
export const INNER_DESTINATION = 5;
export const INNER_SOURCE_PORT = 6;
export const INNER_DESTINATION_PORT = 7;
export const INNER_FLAGS = 8;
/** DF bit as in OPTIONS. */
export const INNER_OPTIONS = 9;
/** IP total length that the quoted header says, and bytes of its IP and transport header. */
export const INNER_LENGTH = 10;
export const INNER_HEADERS = 11;
