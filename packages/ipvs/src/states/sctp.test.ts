import { expect, test } from 'vitest';
import { createSctpTables, SCTP_NONE, SCTP_STATE_NAMES, SCTP_TIMEOUTS, sctpRow } from './sctp.ts';

/** Chunk types of RFC 9260 by what an association sends. */
const CHUNKS: Readonly<Record<string, number>> = {
  data: 0,
  init: 1,
  'init-ack': 2,
  sack: 3,
  heartbeat: 4,
  abort: 6,
  shutdown: 7,
  'shutdown-ack': 8,
  error: 9,
  'cookie-echo': 10,
  'cookie-ack': 11,
  'shutdown-complete': 14,
};
const DIRECTIONS: Readonly<Record<string, number>> = { '>': 0, '<': 1, '>>': 2 };

/**
 * The states that a walk passes: `>` towards the server, `<` back (NAT), `>>` where only requests are seen.
 */
function walk(steps: string): string {
  const { table } = createSctpTables();
  let state: number = SCTP_NONE;
  return steps
    .split(', ')
    .map((step) => {
      const [direction = '', chunk = ''] = step.split(' ');
      state = table[sctpRow(DIRECTIONS[direction] ?? 0, CHUNKS[chunk] ?? 0) + state] ?? -1;
      return SCTP_STATE_NAMES[state];
    })
    .join(' ');
}

test.each([
  [
    'NAT: an association as the director sees it from both sides',
    '> init, < init-ack, > cookie-echo, < cookie-ack, > data, < sack',
    'INIT1 C-SENT C-REPLIED ESTABLISHED ESTABLISHED ESTABLISHED',
  ],
  [
    'NAT: the client shuts down',
    '> init, < init-ack, > cookie-echo, < cookie-ack, > shutdown, < shutdown-ack, > shutdown-complete',
    'INIT1 C-SENT C-REPLIED ESTABLISHED S-RECEIVED S-ACK-SENT CLOSED',
  ],
  [
    'NAT: the server shuts down',
    '> init, < init-ack, > cookie-echo, < cookie-ack, < shutdown, > shutdown-ack, < shutdown-complete',
    'INIT1 C-SENT C-REPLIED ESTABLISHED S-SENT CLOSED CLOSED',
  ],
  ['NAT: the server aborts', '> init, < abort', 'INIT1 REJECTED'],
  [
    'DR and TUN: half of it is enough to be established',
    '>> init, >> cookie-echo, >> data, >> heartbeat',
    'INIT1 ESTABLISHED ESTABLISHED ESTABLISHED',
  ],
  ['DR and TUN: INIT again after it was closed', '>> init, >> abort, >> init', 'INIT1 CLOSED INIT'],
])('%s', (_name, steps, expected) => {
  expect(walk(steps)).toBe(expected);
});

test('an established association lasts 900 s, one that was refused 4', () => {
  const seconds = (state: string): number | undefined => SCTP_TIMEOUTS[SCTP_STATE_NAMES.indexOf(state)];
  expect(['ESTABLISHED', 'INIT1', 'REJECTED', 'CLOSED'].map(seconds)).toEqual([900, 4, 4, 61]);
});
