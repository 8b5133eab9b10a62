import { type Ipv4, ipv4 } from '@lvscope/inet';
import fc from 'fast-check';
import type { ServerSpec } from './pool.ts';

/** Servers with small numbers, so that ties, weight 0 and marks are frequent. */
export const servers: fc.Arbitrary<ServerSpec[]> = fc.array(
  fc.record({
    weight: fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 65_535 })),
    activeConns: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 100_000 })),
    inactConns: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 600 })),
    overloaded: fc.boolean(),
  }),
  { maxLength: 9 },
);

export const sourceAddresses: fc.Arbitrary<Ipv4> = fc.integer({ min: 0, max: 0xffff_ffff }).map(ipv4);

/** What an operator does between connections. */
export interface Step {
  readonly change: 'none' | 'add' | 'edit' | 'delete' | 'mark';
  /** Of the server in the list, modulo its length. */
  readonly place: number;
  readonly weight: number;
  readonly source: Ipv4;
}

export const workload: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    change: fc.constantFrom<Step['change']>('none', 'none', 'none', 'add', 'edit', 'delete', 'mark'),
    place: fc.nat(20),
    weight: fc.integer({ min: 0, max: 6 }),
    source: sourceAddresses,
  }),
  { maxLength: 30 },
);
