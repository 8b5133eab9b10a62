import { parseIpv4 } from '@lvscope/inet';
import type { Ipv4 } from '@lvscope/inet';
import { parsePrefix } from '../prefix.ts';
import type { Prefix } from '../prefix.ts';
import { shown } from '../problem.ts';
import type { PlacedWord } from '../problem.ts';
import type { IpRefusal } from './command.ts';

/** Words of `ip` that are read one after the other. */
export interface IpReader {
  readonly words: readonly PlacedWord[];
  at: number;
}

/** Carries a refusal out of the depth; caught by `parseIp`, never seen outside. */
export class IpFault extends Error {
  readonly refusal: IpRefusal;
  constructor(refusal: IpRefusal) {
    super(refusal.err);
    this.refusal = refusal;
  }
}

/** Refuses at the word that was read last, or at the end where there is none. */
export function refuse(reader: IpReader, wanted: string, rc: number, err: string): never {
  const word = reader.words[reader.at - 1];
  const last = reader.words.at(-1);
  throw new IpFault({
    problem: {
      line: word?.line ?? last?.line ?? 1,
      column: word?.column ?? (last ? last.column + last.text.length : 1),
      found: word ? shown(word.text) : 'the end of the line',
      wanted,
    },
    rc,
    err: `${err}\n`,
  });
}

export const nextWord = (reader: IpReader): string | undefined => reader.words[reader.at++]?.text;

export const peekWord = (reader: IpReader): string | undefined => reader.words[reader.at]?.text;

/** iproute2's matches(): a word stands for the first name that it begins. */
export const shortFor = (text: string, name: string): boolean => text !== '' && name.startsWith(text);

/** The word behind a keyword. */
export function argument(reader: IpReader, wanted: string): string {
  const word = nextWord(reader);
  if (word === undefined) refuse(reader, wanted, 255, 'Command line is not complete. Try option "help"');
  return word;
}

/** As iproute2's get_prefix: what is none is said with the family that was asked for. */
export function prefixArgument(reader: IpReader, family: 'any valid' | 'inet' = 'any valid'): Prefix {
  const text = argument(reader, 'a network as 10.0.0.0/8');
  if (text === 'default' || text === 'any' || text === 'all') return { address: 0 as Ipv4, prefixLength: 0 };
  return (
    parsePrefix(text) ??
    refuse(reader, 'a network as 10.0.0.0/8', 1, `Error: ${family} prefix is expected rather than "${text}".`)
  );
}

/** As iproute2's get_addr. */
export function addressArgument(reader: IpReader): Ipv4 {
  const text = argument(reader, 'an IPv4 address');
  return (
    parseIpv4(text) ??
    refuse(reader, 'an IPv4 address', 1, `Error: inet address is expected rather than "${text}".`)
  );
}

export function deviceArgument(reader: IpReader): string {
  const text = argument(reader, 'an interface');
  if (/^[^\s/]{1,15}$/.test(text)) return text;
  return refuse(reader, 'an interface', 255, `Error: argument "${text}" is wrong: "dev" not a valid ifname`);
}

/** The verb, which may be shortened. @param first the verb of a line without one */
export function verbOf<Verb extends string>(
  reader: IpReader,
  object: string,
  verbs: Readonly<Record<string, Verb>>,
  first: Verb,
): Verb {
  const text = peekWord(reader);
  if (text === undefined) return first;
  reader.at++;
  for (const [name, verb] of Object.entries(verbs)) if (shortFor(text, name)) return verb;
  return refuse(
    reader,
    Object.keys(verbs).join(', '),
    255,
    `Command "${text}" is unknown, try "ip ${object} help".`,
  );
}

/** A word that stands where a keyword or the end should: taken for a second value of the first argument. */
export function garbage(reader: IpReader, text: string, first: string): never {
  return refuse(
    reader,
    'a keyword or the end',
    255,
    `Error: either "${first}" is duplicate, or "${text}" is a garbage.`,
  );
}
