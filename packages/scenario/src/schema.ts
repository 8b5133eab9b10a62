import { z } from 'zod';
import type { Scenario } from './document.ts';

// schemas are walked, not compiled: a page's content policy forbids making code out of text
z.config({ jitless: true });

/**
 * The text form of a scenario: everything that has a sensible value may be left out. Unknown keys are
 * errors, because a misspelt `timelines` that is silently ignored is a lie about what was simulated.
 */
const words = z.union([
  z.string().transform((text) => ({ en: text, zh: text })),
  z.strictObject({ en: z.string(), zh: z.string() }),
]);

const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,62}$/, 'a name: letters, digits, . _ -, at most 63');
const octet = '(25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const dottedQuad = `${octet}(\\.${octet}){3}`;
const address = z.string().regex(new RegExp(`^${dottedQuad}$`), 'an IPv4 address');
const prefix = z
  .string()
  .regex(new RegExp(`^${dottedQuad}/(3[0-2]|[12]?\\d)$`), 'an IPv4 prefix such as 10.1.0.0/16');
const endpoint = z
  .string()
  .regex(new RegExp(`^${dottedQuad}:\\d{1,5}$`), 'an address with a port such as 192.168.1.6:80');
const positive = z.number().positive();
const notNegative = z.number().nonnegative();
const count = z.int().min(1);
const portNumber = z.int().min(1).max(65535);

const quantity = z.union([
  notNegative.transform((value) => ({ kind: 'constant' as const, value })),
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('constant'), value: notNegative }),
    z.strictObject({ kind: z.literal('exponential'), mean: positive }),
    z.strictObject({ kind: z.literal('lognormal'), median: positive, sigma: positive }),
    z.strictObject({ kind: z.literal('pareto'), minimum: positive, shape: positive }),
    z.strictObject({ kind: z.literal('uniform'), from: notNegative, to: notNegative }),
    z.strictObject({
      kind: z.literal('empirical'),
      values: z.array(notNegative).min(1),
      weights: z.array(notNegative).min(1).exactOptional(),
    }),
  ]),
]);

const network = z.strictObject({
  name,
  prefix,
  bandwidthMbps: positive.default(1000),
  delayUs: notNegative.default(50),
  jitterUs: notNegative.default(0),
  loss: z.number().min(0).max(1).default(0),
  queuePackets: count.default(1000),
  mtu: z.int().min(68).max(65535).default(1500),
});

const networkInterface = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9]{0,14}$/, 'an interface name such as eth0'),
  network: z.string().default(''),
  addresses: z.array(prefix).default([]),
  mac: z.string().default(''),
});

const host = z.strictObject({
  name,
  role: z.enum(['client', 'router', 'director', 'realserver']),
  kernel: z.enum(['2.4', '2.6', '6.1']).default('6.1'),
  interfaces: z.array(networkInterface).min(1),
  routes: z.array(z.string()).default([]),
  setup: z.array(z.string()).default([]),
  rules: z.string().default(''),
  packetCostNs: notNegative.default(0),
  files: z.record(z.string().regex(/^\/\S+$/, 'an absolute path'), z.string()).exactOptional(),
  arpCache: z
    .strictObject({
      lifetimeSeconds: notNegative,
      learns: z.enum(['all', 'no-gratuitous', 'nothing']).default('all'),
    })
    .exactOptional(),
});

const server = z.strictObject({
  name,
  on: z.array(name).min(1),
  protocol: z.enum(['tcp', 'udp']).default('tcp'),
  port: portNumber.default(80),
  workers: count.default(150),
  serviceTimeMs: quantity.prefault({ kind: 'exponential', mean: 20 }),
  responseBytes: quantity.prefault(8000),
  keepAlive: z.boolean().default(false),
  keepAliveTimeoutSeconds: positive.default(15),
  maxKeepAliveRequests: z.int().min(0).default(100),
  backlog: count.default(511),
});

const workloadCommon = {
  name,
  on: name,
  sources: z.strictObject({ first: address, count: count.max(65536).default(1) }),
  targets: z.array(endpoint).min(1),
  protocol: z.enum(['tcp', 'udp']).default('tcp'),
  requestBytes: quantity.prefault(250),
  calls: count.max(65536).exactOptional(),
  machines: count.max(1000).exactOptional(),
  requestsPerConnection: quantity.prefault(1),
  keepAlive: z.boolean().default(false),
  timeoutSeconds: positive.default(30),
  startSeconds: notNegative.default(0),
  stopSeconds: notNegative.default(0),
};

const workload = z.discriminatedUnion('kind', [
  z.strictObject({
    ...workloadCommon,
    kind: z.literal('closed'),
    concurrency: count.max(100_000).default(10),
    total: z.int().min(0).default(0),
    thinkSeconds: quantity.prefault(0),
  }),
  z.strictObject({
    ...workloadCommon,
    kind: z.literal('open'),
    ratePerSecond: positive,
    objectsPerPage: quantity.prefault(1),
    parallel: count.default(6),
  }),
]);

const command = z.strictObject({ on: name, run: z.string().min(1) });

const remedy = z.strictObject({
  title: words,
  explain: words.prefault(''),
  commands: z.array(command).min(1),
  cures: z.boolean().default(true),
});

export const scenarioSchema: z.ZodType<Scenario> = z.strictObject({
  version: z.literal(1),
  name,
  title: words,
  lesson: words.prefault(''),
  seed: z.int().min(0).max(0xffffffff).default(1),
  durationSeconds: positive.max(1e6).default(300),
  detail: z.enum(['connection', 'packet']).default('connection'),
  networks: z.array(network).min(1),
  hosts: z.array(host).min(1).max(6000, 'at most 6000 hosts'),
  services: z.array(server).default([]),
  workloads: z.array(workload).default([]),
  timeline: z.array(z.strictObject({ atSeconds: notNegative, on: name, run: z.string().min(1) })).default([]),
  assumptions: z.array(words).default([]),
  remedies: z.array(remedy).default([]),
});
