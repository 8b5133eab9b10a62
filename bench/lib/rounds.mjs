import { run } from '../../scripts/lib/run.mjs';
import { Missing, say } from '../../scripts/lib/say.mjs';
import { rate } from './statistics.mjs';

/**
 * Lets every row run once a round, each in a process of its own. Those that do the same work follow each
 * other, in an order that is shuffled every round, as is that of the works: a machine that slows down or is
 * busy for a while, and be it for minutes, then does not favour anyone.
 * @param {import('./rows.mjs').Row[]} rows
 * @param {number} rounds of those that do not say how many
 * @returns {Promise<Map<string, object[]>>} by row, what each run printed
 */
export async function alternate(rows, rounds) {
  const random = randomFrom(1);
  const runs = new Map(rows.map((row) => [row.id, []]));
  const roundsOf = (row) => row.rounds ?? rounds;
  const most = Math.max(...rows.map(roundsOf));
  for (let round = 1; round <= most; round++) {
    const entered = rows.filter((row) => roundsOf(row) >= round);
    for (const [index, row] of orderOf(entered, random).entries()) {
      const result = await once(row);
      runs.get(row.id).push(result);
      const place = `${round}/${most} ${String(index + 1).padStart(2)}/${entered.length}`;
      const each = result[row.counts ?? 'work'] / result.seconds;
      say(`${place}  ${row.work}, ${row.who}: ${rate(each)} ${row.unit}`);
    }
  }
  return runs;
}

function orderOf(rows, random) {
  const works = shuffle([...new Set(rows.map(({ work }) => work))], random);
  return works.flatMap((work) =>
    shuffle(
      rows.filter((row) => row.work === work),
      random,
    ),
  );
}

/** Runs a row, and gives what it printed. */
export async function once({ program, args, work, who }) {
  const { code, output, stdout } = await run(program.file, [...program.first, ...args]);
  if (code !== 0) throw new Missing(`${output.trim()}\n\n${work}, ${who}: the program ended with ${code}.`);
  return JSON.parse(stdout);
}

/** Lehmer's generator: the same order in every run of the bench. */
function randomFrom(seed) {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 0x7fff_ffff;
    return state % below;
  };
}

function shuffle(values, random) {
  const shuffled = [...values];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
  }
  return shuffled;
}
