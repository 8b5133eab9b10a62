/** The age of the kernel that a host runs; the recordings are of 6.1. */
export type KernelVersion = '2.4' | '2.6' | '6.1';

/**
 * Everything in IPVS that differs between the ages, in one place.
 * `source` says where each is known from; only 6.1 was observed.
 */
export interface KernelProfile {
  readonly version: KernelVersion;
  /** Which TCP states count as ActiveConn: since 4.8 the half-open ones too; before, ESTABLISHED only. */
  readonly halfOpenIsActive: boolean;
  /**
   * wrr since 3.10 keeps the current weight over changes and starts at the maximum; before, it starts at 0.
   */
  readonly wrrKeepsCurrentWeight: boolean;
  /** sh spreads by weight since 3.x. */
  readonly shHonoursWeight: boolean;
  /**
   * sh, dh, lblc, lblcr: since 4.18 the high bits of the product; before, the low bits (the last octet
   * only).
   */
  readonly hashTakesHighBits: boolean;
  /** Whether deleting a server sweeps its connections when expire_nodest_conn is set (since 5.9). */
  readonly nodestSweepsTable: boolean;
  /** conn_reuse_mode exists (since 4.1). */
  readonly hasConnReuseMode: boolean;
  /** Bare ACK without a connection state: ESTABLISHED since 3.11 (sloppy_tcp), CLOSE before. */
  readonly ackFromNoneEstablishes: boolean;
  /** Templates are listed ASSURED and die with a dropped half-open connection (since 4.19). */
  readonly templatesAreAssured: boolean;
  /** Since 4.8 the timer wheel rounds long timeouts up: rows stay a little past their time. */
  readonly timersAreCoarse: boolean;
  readonly schedulers: readonly string[];
}

const CLASSIC = ['rr', 'wrr', 'lc', 'wlc', 'lblc', 'lblcr', 'dh', 'sh', 'sed', 'nq'] as const;

const OLD = {
  halfOpenIsActive: false,
  wrrKeepsCurrentWeight: false,
  shHonoursWeight: false,
  hashTakesHighBits: false,
  nodestSweepsTable: false,
  hasConnReuseMode: false,
  ackFromNoneEstablishes: false,
  templatesAreAssured: false,
  timersAreCoarse: false,
  schedulers: CLASSIC,
} as const;

export const KERNEL_PROFILES: Readonly<Record<KernelVersion, KernelProfile>> = {
  '2.4': { version: '2.4', ...OLD },
  '2.6': { version: '2.6', ...OLD },
  '6.1': {
    version: '6.1',
    halfOpenIsActive: true,
    wrrKeepsCurrentWeight: true,
    shHonoursWeight: true,
    hashTakesHighBits: true,
    nodestSweepsTable: true,
    hasConnReuseMode: true,
    ackFromNoneEstablishes: true,
    templatesAreAssured: true,
    timersAreCoarse: true,
    schedulers: [...CLASSIC, 'mh', 'fo', 'ovf', 'twos'],
  },
};
