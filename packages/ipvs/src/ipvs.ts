import { addTimerBank, type Duration, fingerprint, type Simulation, stream } from '@lvscope/des';
import { ipv4 } from '@lvscope/inet';
import { createRing } from './decision-ring.ts';
import { createStats } from './estimator.ts';
import { KERNEL_PROFILES, type KernelVersion } from './kernel-profile.ts';
import { VERDICT_ACCEPT } from './packet.ts';
import { createServiceIndex } from './service-index.ts';
import type { Ipvs } from './state.ts';
import { createSctpTables } from './states/sctp.ts';
import { createTcpTables } from './states/tcp.ts';
import { UDP_TIMEOUT } from './states/udp.ts';
import { defaultSysctls } from './sysctl.ts';
import { createTable } from './table.ts';
import { createKernelWheel } from './kernel-wheel.ts';

export interface IpvsOptions {
  /** Which director of the simulation this is: operand `b` of its ticks. */
  readonly director: number;
  readonly kernel: KernelVersion;
  /**
   * Event kind of the connections' timers: on it call `expireConnections(ipvs, sim)`. Operand b is the
   * bank.
   */
  readonly timerKind: number;
  /** Event kind of periodic jobs: on it call `tick(ipvs, sim, event.a)`. Operand b is the director. */
  readonly tickKind: number;
  /** conn_tab_bits of the module, 8 to 20; 12 unless given. */
  readonly connTabBits?: number;
  /** When in its 2-second period the estimator folds; 0 unless given. */
  readonly estimatorPhase?: Duration;
  /**
   * The kernel's tick counter at simulation time 0, 0 unless given: late timers fire at its round numbers.
   */
  readonly jiffiesAtStart?: number;
  /** How many integers the ring of decisions holds (a decision over 16 servers takes 46). */
  readonly ringWords?: number;
}

const DEFAULT_TABLE_BITS = 12;
const DEFAULT_RING_WORDS = 1 << 18;
const PLENTY_PAGES = 1 << 20;

/** An empty IPVS as after `modprobe ip_vs`. */
export function createIpvs(sim: Simulation, options: IpvsOptions): Ipvs {
  const kernel = KERNEL_PROFILES[options.kernel];
  const name = `ipvs/${options.director}`;
  return {
    director: options.director,
    kernel,
    verdict: {
      code: VERDICT_ACCEPT,
      cause: 0,
      connection: -1,
      destination: -1,
      method: 0,
      address: ipv4(0),
      port: 0,
      decision: -1,
    },
    bank: addTimerBank(sim, options.timerKind, 1),
    tickKind: options.tickKind,
    table: createTable(options.connTabBits ?? DEFAULT_TABLE_BITS),
    wheel: createKernelWheel(),
    tableBits: options.connTabBits ?? DEFAULT_TABLE_BITS,
    services: [],
    servicesById: [],
    destinationsById: [],
    trash: [],
    trashTicking: false,
    lookup: createServiceIndex(),
    sysctls: defaultSysctls(),
    tcp: createTcpTables(kernel),
    sctp: createSctpTables(),
    udpTimeout: UDP_TIMEOUT,
    defence: {
      availablePages: PLENTY_PAGES,
      dropEntryActive: false,
      dropRate: 0,
      dropCounter: 0,
      secureTcp: false,
      spared: new Int32Array(9),
      ticking: false,
    },
    daemons: [],
    syncMaster: undefined,
    syncTicking: false,
    syncOut: [],
    total: createStats(),
    ring: createRing(options.ringWords ?? DEFAULT_RING_WORDS),
    context: {
      now: sim.now,
      kernel,
      random: stream(sim, `${name}/twos`),
      lblcExpirationSeconds: 0,
      lblcrExpirationSeconds: 0,
    },
    dropRandom: stream(sim, `${name}/drop_entry`),
    decisionPrint: fingerprint(sim, 'decisions'),
    timerPrint: fingerprint(sim, 'timers'),
    jiffiesAtStart: options.jiffiesAtStart ?? 0,
    estimatorPhase: options.estimatorPhase ?? 0,
    estimatorTicking: false,
    minuteTicking: false,
    sweepPending: false,
    localAddresses: new Set(),
    localBroadcasts: new Set(),
  };
}
