import type { Position } from './problem.ts';

/** A command line taken apart; positions are where each piece begins. */
export interface ShellScript {
  readonly steps: readonly ShellStep[];
}

/** A pipeline, and what decides whether it runs: nothing, the success or the failure of the one before. */
export interface ShellStep {
  readonly when: 'always' | 'success' | 'failure';
  readonly pipeline: readonly ShellCommand[];
  /** It belongs to a list that ends in `&`: the shell does not wait for it. */
  readonly background: boolean;
}

export type ShellCommand = SimpleCommand | ForLoop;

export interface SimpleCommand extends Position {
  readonly kind: 'simple';
  readonly words: readonly ShellWord[];
  readonly redirects: readonly Redirect[];
}

/** `for NAME in words; do body; done` */
export interface ForLoop extends Position {
  readonly kind: 'for';
  readonly name: string;
  readonly words: readonly ShellWord[];
  readonly body: ShellScript;
}

export interface ShellWord extends Position {
  readonly parts: readonly WordPart[];
}

/** Quoted parts are neither cut at blanks nor matched against file names. */
export type WordPart =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: 'variable'; readonly name: string; readonly quoted: boolean }
  | { readonly kind: 'output'; readonly script: ShellScript; readonly quoted: boolean };

export type Redirect =
  | { readonly kind: 'write' | 'append'; readonly fd: 1 | 2; readonly target: ShellWord }
  | { readonly kind: 'read'; readonly target: ShellWord }
  /** `2>&1` */
  | { readonly kind: 'join'; readonly fd: 1 | 2; readonly to: 1 | 2 };

/** The script as text that `parseShellLine` reads back. */
export function printShell(script: ShellScript): string {
  let text = '';
  let last = false;
  for (const [index, step] of script.steps.entries()) {
    if (index > 0) text += { always: last ? ' & ' : '; ', success: ' && ', failure: ' || ' }[step.when];
    text += step.pipeline.map(printCommand).join(' | ');
    last = step.background;
  }
  return last ? `${text} &` : text;
}

function printCommand(command: ShellCommand): string {
  if (command.kind === 'for') {
    const words = command.words.map((word) => ` ${printWord(word)}`).join('');
    return `for ${command.name} in${words}; do ${closed(printShell(command.body))} done`;
  }
  return [...command.words.map(printWord), ...command.redirects.map(printRedirect)].join(' ');
}

/** A list in front of a closing word ends in `;` or `&`. */
const closed = (list: string): string => (list.endsWith('&') ? list : `${list};`);

function printRedirect(redirect: Redirect): string {
  if (redirect.kind === 'join') return `${redirect.fd}>&${redirect.to}`;
  if (redirect.kind === 'read') return `<${printWord(redirect.target)}`;
  return `${redirect.fd}${redirect.kind === 'append' ? '>>' : '>'}${printWord(redirect.target)}`;
}

/** One word, quoted where it must be. */
export function printWord(word: ShellWord): string {
  return word.parts.map(printPart).join('');
}

function printPart(part: WordPart): string {
  const inner = printInner(part);
  return part.quoted ? `"${inner}"` : inner;
}

function printInner(part: WordPart): string {
  switch (part.kind) {
    case 'text':
      return part.quoted ? part.text.replace(/[\\"$`]/g, '\\$&') : part.text;
    case 'variable':
      return `\${${part.name}}`;
    case 'output':
      return `$(${printShell(part.script)})`;
  }
}

/** A word in a shape that a shell takes for exactly this text. */
export function quoteWord(text: string): string {
  if (/^[\w@%+=:,./[\]-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
