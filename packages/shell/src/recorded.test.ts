import { expect, test } from 'vitest';
import { programsWithoutNames } from './programs.ts';
import { recordedCommands } from './testing/recorded.ts';
import { smallWorld } from './testing/small-world.ts';

const run = programsWithoutNames.run;

/**
 * Commands that are not compared: our own help text; the recorded machine had no ipvsadm-save; its kernel
 * came without the module of twos, which a 6.1 can have and the simulated one has.
 */
const UNPROMISED = /^ipvsadm (-h|--help)$|^ipvsadm-save|-s twos$/;

/** Without connections, the counters and rows of a listing are those of an idle director. */
const hangsOnTraffic = (text: string): boolean => /pro expire|FromIP|InPkts|InPPS|ActiveConn/.test(text);

for (const trace of ['cli-errors', 'cli-edit-thresholds', 'cli-save-restore']) {
  test(`${trace}: every command says what the recorded one said and leaves the same table`, () => {
    const world = smallWorld();
    for (const { cmd, ns, rc, out, err } of recordedCommands(trace)) {
      if (UNPROMISED.test(cmd)) continue;
      expect(run(world, ns, cmd), cmd).toEqual({ rc, out, err });
    }
  });
}

test('cli-listings: every text that does not hang on traffic is the recorded one', () => {
  const world = smallWorld();
  let compared = 0;
  for (const { cmd, ns, rc, out, err } of recordedCommands('cli-listings')) {
    const result = run(world, ns, cmd);
    if (UNPROMISED.test(cmd) || hangsOnTraffic(out) || cmd.includes('_stats')) continue;
    expect(result, cmd).toEqual({ rc, out, err });
    compared++;
  }
  expect(compared).toBeGreaterThan(15);
});

test('the recorded loop over the settings of IPVS says the defaults of 6.1', () => {
  const world = smallWorld();
  const [recorded] = recordedCommands('misconf-sysctl-defaults').filter(({ cmd }) => cmd.includes('/vs/'));
  expect(recorded?.out).toContain('sync_threshold=3 50');
  expect(run(world, 'director1', recorded?.cmd ?? '')).toMatchObject({ rc: 0, out: recorded?.out });
});
