/** Kinds of events of a world; each package behind it is told its own. */
export const EVENT_PACKET_ARRIVES = 1;
export const EVENT_PACKET_PROCESSED = 2;
export const EVENT_NEIGHBOUR = 3;
export const EVENT_SOCKET_TIMER = 4;
/** a: row of the connection table, b: timer bank. */
export const EVENT_IPVS_TIMER = 5;
/** a: job, b: director. */
export const EVENT_IPVS_TICK = 6;
/** Packet level only. a: frame, b: interface, -1 at the switch. */
export const EVENT_FRAME = 7;
/** Packet level only. a: neighbour, b: generation. */
export const EVENT_NEIGHBOUR_TIMER = 8;
/** a: second. */
export const EVENT_SAMPLE = 10;
/** a: entry of the timeline. */
export const EVENT_TIMELINE = 11;
/** a: workload, b: epoch of its rate. */
export const EVENT_ARRIVAL = 12;
/** a: workload. */
export const EVENT_WORKLOAD_START = 13;
export const EVENT_WORKLOAD_STOP = 14;
/** a: agent. */
export const EVENT_CLIENT_TIMER = 15;
/** a: accepted connection. */
export const EVENT_SERVER_TIMER = 16;
/** a: host. */
export const EVENT_BOOT = 18;
/** a: slot of the process table. */
export const EVENT_PROCESS = 17;
