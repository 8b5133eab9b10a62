import type { PlacedWord } from '@lvscope/syntax';

/** Words taken apart as getopt(3) does: options anywhere, bundled, their values joined or not. */
export interface Options {
  /** In the order in which they came; the value is '' for those without. */
  readonly options: readonly (readonly [letter: string, value: string])[];
  readonly rest: readonly string[];
  /** What getopt says of the first word that it does not understand, without the program's name. */
  readonly fault: string | undefined;
}

/** @param letters as for getopt(3): a letter for each option, `:` behind those with a value */
export function getopt(args: readonly PlacedWord[], letters: string): Options {
  const options: [string, string][] = [];
  const rest: string[] = [];
  const words = args.map(({ text }) => text);
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (word === '--') {
      rest.push(...words.slice(i + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      rest.push(word);
      continue;
    }
    if (word.startsWith('--')) return { options, rest, fault: `unrecognized option '${word}'` };
    for (let at = 1; at < word.length; at++) {
      const letter = word[at] ?? '';
      const place = letter === ':' ? -1 : letters.indexOf(letter);
      if (place < 0) return { options, rest, fault: `invalid option -- '${letter}'` };
      if (letters[place + 1] !== ':') {
        options.push([letter, '']);
        continue;
      }
      const joined = word.slice(at + 1);
      const value = joined === '' ? words[++i] : joined;
      if (value === undefined) return { options, rest, fault: `option requires an argument -- '${letter}'` };
      options.push([letter, value]);
      break;
    }
  }
  return { options, rest, fault: undefined };
}

/** The value of the last option of this letter; undefined where there is none. */
export const lastValue = ({ options }: Options, letter: string): string | undefined =>
  options.findLast(([one]) => one === letter)?.[1];

export const has = ({ options }: Options, letter: string): boolean => options.some(([one]) => one === letter);
