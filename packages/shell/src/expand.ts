import type { ShellScript, ShellWord, WordPart } from '@lvscope/syntax';
import { matchFiles } from './files.ts';
import type { Shell } from './shell.ts';

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
 * @param outputOf what a `$( … )` prints
 */
export function expandWord(
  shell: Shell,
  word: ShellWord,
  outputOf: (script: ShellScript) => string,
): string[] {
  const pieces: Piece[] = [];
  let current: Piece | undefined;
  for (const part of word.parts) {
    const text = textOf(shell, part, outputOf);
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
    const found = piece.hasWildcard ? matchFiles(shell.world, shell.host, piece.pattern) : [];
    return found.length > 0 ? found : [piece.text];
  });
}

function add(piece: Piece, text: string, quoted: boolean): void {
  piece.text += text;
  piece.pattern += quoted ? text.replace(/[*?]/g, NEVER) : text;
  piece.hasWildcard ||= !quoted && /[*?]/.test(text);
}

function textOf(shell: Shell, part: WordPart, outputOf: (script: ShellScript) => string): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'variable':
      return part.name === '?' ? String(shell.lastRc) : (shell.variables.get(part.name) ?? '');
    case 'output':
      return outputOf(part.script).replace(/\n+$/, '');
  }
}
