import type { ShellScript, ShellWord, WordPart } from '@lvscope/syntax';
import type { World } from '@lvscope/cluster';
import { matchFiles } from '../files.ts';
import type { ShellState, Substituted } from './state.ts';

/** A shell whose words are expanded. */
export interface Expansion {
  readonly world: World;
  readonly host: string;
  readonly shell: ShellState;
  /** What the `$( … )` of the words printed, in their order; each is taken once. */
  readonly outputs: Substituted[];
}

/** The scripts of the `$( … )` of some words, in their order. */
export function scriptsOf(words: readonly ShellWord[]): ShellScript[] {
  return words.flatMap(({ parts }) => parts.flatMap((part) => (part.kind === 'output' ? [part.script] : [])));
}

/** A piece of a word as it is put together. */
interface Piece {
  text: string;
  /** The same with the wildcards of quoted text made harmless. */
  pattern: string;
  hasWildcard: boolean;
}

const newPiece = (): Piece => ({ text: '', pattern: '', hasWildcard: false });

/** No file has this character in its name: it stands for a quoted `*` or `?`. */
const NEVER = '\u0000';

/**
 * What a word becomes: variables and outputs put in, cut at blanks where they are not quoted, wildcards
 * replaced by the files that match. An unquoted part that comes to nothing leaves no word.
 */
export function expandWord(at: Expansion, word: ShellWord): string[] {
  const pieces: Piece[] = [];
  let current: Piece | undefined;
  for (const part of word.parts) {
    const text = textOf(at, part);
    if (part.quoted || part.kind === 'text') {
      current ??= newPiece();
      add(current, text, part.quoted);
      continue;
    }
    const fields = text.split(/[ \t\n]+/);
    for (const [index, field] of fields.entries()) {
      if (index > 0 && current) {
        pieces.push(current);
        current = undefined;
      }
      if (field === '') continue;
      current ??= newPiece();
      add(current, field, false);
    }
  }
  if (current) pieces.push(current);
  return pieces.flatMap((piece) => {
    const found = piece.hasWildcard ? matchFiles(at.world, at.host, piece.pattern) : [];
    return found.length > 0 ? found : [piece.text];
  });
}

function add(piece: Piece, text: string, quoted: boolean): void {
  piece.text += text;
  piece.pattern += quoted ? text.replace(/[*?]/g, NEVER) : text;
  piece.hasWildcard ||= !quoted && /[*?]/.test(text);
}

function textOf(at: Expansion, part: WordPart): string {
  const { shell } = at;
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'variable':
      return part.name === '?' ? String(shell.lastRc) : (shell.variables.get(part.name) ?? '');
    case 'output': {
      const output = at.outputs.shift();
      shell.lastRc = output?.rc ?? 0;
      return (output?.text ?? '').replace(/\n+$/, '');
    }
  }
}
