import type { PlacedWord } from './problem.ts';

/**
 * Option parsing as the popt library does it, because ipvsadm's errors hang on its order: options may come
 * in bundles (`-Lnc`), long ones take `=value`, plain words are put aside, and the first fault ends it.
 */
export interface PoptOption<Tag extends string> {
  readonly tag: Tag;
  readonly long: string;
  /** One character, or undefined. */
  readonly short?: string;
  readonly argument: 'none' | 'required' | 'optional';
}

export type PoptStep<Tag extends string> =
  | {
      readonly kind: 'option';
      readonly tag: Tag;
      readonly argument: string | undefined;
      readonly word: number;
    }
  | { readonly kind: 'end' }
  | { readonly kind: 'error'; readonly message: string; readonly word: number };

/** The state of a walk over the words; `next` may be called until it says end or error. */
export interface PoptWalk {
  readonly words: readonly PlacedWord[];
  /** Index of the word after the one looked at. */
  position: number;
  /** Rest of a bundle of short options. */
  bundle: string;
  onlyPlainWords: boolean;
  /** Indices of plain words, in order. */
  readonly plain: number[];
}

export const startPopt = (words: readonly PlacedWord[]): PoptWalk => ({
  words,
  position: 0,
  bundle: '',
  onlyPlainWords: false,
  plain: [],
});

const UNKNOWN = 'unknown option';
const MISSING = 'missing argument';
const UNWANTED = 'option does not take an argument';

/** What popt names as the bad option: the word that was looked at last, an argument too. */
export const badOption = (walk: PoptWalk): string => walk.words[walk.position - 1]?.text ?? '';

/** The next option. */
export function nextOption<Tag extends string>(
  walk: PoptWalk,
  table: readonly PoptOption<Tag>[],
): PoptStep<Tag> {
  let option: PoptOption<Tag> | undefined;
  let attached: string | undefined;
  if (walk.bundle === '') {
    const text = nextDashed(walk);
    if (text === undefined) return { kind: 'end' };
    if (text.startsWith('--')) {
      const equals = text.indexOf('=');
      const name = equals < 0 ? text.slice(2) : text.slice(2, equals);
      attached = equals < 0 ? undefined : text.slice(equals + 1);
      option = table.find((entry) => entry.long === name);
      if (!option) return fault(walk, UNKNOWN);
      return take(walk, option, attached);
    }
    walk.bundle = text.slice(1);
  }
  const short = walk.bundle[0];
  option = table.find((entry) => entry.short === short);
  if (!option) return fault(walk, UNKNOWN);
  walk.bundle = walk.bundle.slice(1);
  if (option.argument === 'none') {
    return walk.bundle.startsWith('=') ? fault(walk, UNWANTED) : take(walk, option, undefined);
  }
  if (walk.bundle !== '') {
    attached = walk.bundle.startsWith('=') ? walk.bundle.slice(1) : walk.bundle;
    walk.bundle = '';
  }
  return take(walk, option, attached);
}

/** The next word that is an option; plain words on the way are put aside. */
function nextDashed(walk: PoptWalk): string | undefined {
  while (walk.position < walk.words.length) {
    const text = walk.words[walk.position++]?.text ?? '';
    if (walk.onlyPlainWords || !text.startsWith('-') || text === '-') walk.plain.push(walk.position - 1);
    else if (text === '--') walk.onlyPlainWords = true;
    else return text;
  }
  return undefined;
}

function take<Tag extends string>(
  walk: PoptWalk,
  option: PoptOption<Tag>,
  attached: string | undefined,
): PoptStep<Tag> {
  const word = walk.position - 1;
  const { tag } = option;
  if (option.argument === 'none') {
    return attached === undefined
      ? { kind: 'option', tag, argument: undefined, word }
      : fault(walk, UNWANTED);
  }
  if (attached !== undefined) return { kind: 'option', tag, argument: attached, word };
  const following = walk.words[walk.position]?.text;
  if (following === undefined) {
    if (option.argument === 'required') return fault(walk, MISSING);
    return { kind: 'option', tag, argument: undefined, word };
  }
  if (option.argument === 'optional' && following.startsWith('-')) {
    return { kind: 'option', tag, argument: undefined, word };
  }
  walk.position++;
  return { kind: 'option', tag, argument: following, word: walk.position - 1 };
}

const fault = <Tag extends string>(walk: PoptWalk, message: string): PoptStep<Tag> => ({
  kind: 'error',
  message,
  word: walk.position - 1,
});
