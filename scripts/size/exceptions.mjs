/**
 * @typedef {object} Exception
 * @property {string} file
 * @property {'file' | 'function' | 'line'} what
 * @property {string} [name] of a function
 * @property {number} upTo
 * @property {string} because
 */

const LESSONS = 'a lesson is a sentence or two in each language, and reads best unbroken';

/** The presets' files whose lessons are long. */
const PRESETS = [
  'arp',
  'capacity',
  'connections',
  'failover',
  'failover-mishaps',
  'misconfigurations',
  'misconfigured-dr',
  'misconfigured-nat',
  'misconfigured-tun',
  'removal',
  'schedulers',
  'stress',
  'topologies',
  'tuning',
  'weight-zero',
];

/**
 * Code that is larger than the guide for a good reason. One that is no longer needed fails the check.
 * @type {Exception[]}
 */
export const EXCEPTIONS = [
  ...PRESETS.map((name) => ({
    file: `packages/scenario/src/presets/${name}.ts`,
    what: 'line',
    upTo: 400,
    because: LESSONS,
  })),
  {
    file: 'packages/scenario/src/import/rules.ts',
    what: 'line',
    upTo: 130,
    because: 'what an import assumes is a sentence in each language, and reads best unbroken',
  },
  {
    file: 'packages/net/src/receive.ts',
    what: 'function',
    name: 'plainFrameArrives',
    upTo: 90,
    because: 'the way of nearly every packet of every hop; in pieces it is measurably slower',
  },
];
