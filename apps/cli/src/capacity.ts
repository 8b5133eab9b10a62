import { type CapacityPoint, measureCapacity } from '@lvscope/cluster';
import {
  CAPACITY_ASSUMPTIONS,
  CAPACITY_SOURCES,
  type CapacityAssumptions,
  type Method,
} from '@lvscope/scenario';
import { programs } from '@lvscope/shell';
import { fail, print } from './print.ts';
import { progressBar } from './progress.ts';

export interface CapacityOptions {
  readonly bandwidth?: string;
  readonly packetCost?: string;
  readonly server?: string;
  readonly response?: string;
  readonly servers?: string;
}

const LABELS: readonly (readonly [keyof CapacityAssumptions, string])[] = [
  ['bandwidthMbps', 'Mbit/s, link of the director'],
  ['packetCostNs', "ns of the director's CPU for a packet"],
  ['serverBytesPerSecond', 'bytes/s that a real server delivers'],
  ['responseBytes', 'bytes of a reply'],
];

const METHODS: readonly Method[] = ['nat', 'tun', 'dr'];
const DEFAULT_COUNTS = '5,10,15,20,30,40,60,80,100';

/** A director feeds its servers while this share of what they could answer is answered. */
const FED = 0.95;

/** Prints how much of what the servers could answer gets through one director. */
export function capacity(options: CapacityOptions): number {
  const given: readonly (readonly [keyof CapacityAssumptions, string | undefined])[] = [
    ['bandwidthMbps', options.bandwidth],
    ['packetCostNs', options.packetCost],
    ['serverBytesPerSecond', options.server],
    ['responseBytes', options.response],
  ];
  const assumptions: Record<keyof CapacityAssumptions, number> = { ...CAPACITY_ASSUMPTIONS };
  for (const [key, text] of given) {
    if (text === undefined) continue;
    const value = Number(text);
    if (!(value > 0 && value <= 1e9)) return fail(`${text}: wanted a number above 0, up to 1000000000`);
    assumptions[key] = value;
  }
  const counts = (options.servers ?? DEFAULT_COUNTS).split(',').map(Number);
  if (counts.some((count) => !Number.isInteger(count) || count < 1 || count > 200)) {
    return fail(`--servers ${options.servers}: wanted whole numbers from 1 to 200, with commas between`);
  }
  print('assumed:');
  for (const [key, what] of LABELS) {
    print(`  ${String(assumptions[key]).padStart(8)}  ${what} (${CAPACITY_SOURCES[key].en})`);
  }
  print('');
  print('share of the offered requests that is answered');
  print(`servers ${METHODS.map((method) => method.toUpperCase().padStart(6)).join(' ')}`);
  const fed = new Map<Method, number>();
  const bar = progressBar(counts.length * METHODS.length, 'runs');
  for (const count of counts) {
    const cells = METHODS.map((method) => {
      const point = measureCapacity(programs, method, count, assumptions);
      bar.step();
      if (shareOf(point) >= FED) fed.set(method, Math.max(count, fed.get(method) ?? 0));
      return `${(shareOf(point) * 100).toFixed(0)}%`.padStart(6);
    });
    bar.print(`${String(count).padStart(7)} ${cells.join(' ')}`);
  }
  bar.stop();
  print('');
  for (const method of METHODS) {
    const most = fed.get(method) ?? `fewer than ${Math.min(...counts)}`;
    print(`${method.toUpperCase().padEnd(4)} feeds ${most} of these`);
  }
  return 0;
}

/** Requests that were begun before the measurement and answered in it may make it a little more than 1. */
const shareOf = (point: CapacityPoint): number =>
  Math.min(1, point.answeredPerSecond / point.offeredPerSecond);
