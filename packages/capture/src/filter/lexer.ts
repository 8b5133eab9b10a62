export type TokenKind =
  | 'word'
  | 'and'
  | 'or'
  | 'not'
  | 'in'
  | 'open'
  | 'close'
  | 'begin'
  | 'end'
  | 'comma'
  | 'compare';

/** A piece of a filter, and where it stands in the text. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly at: number;
}

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** Operators by all their spellings. */
const COMPARISONS: ReadonlyMap<string, Comparison> = new Map([
  ['==', '=='],
  ['eq', '=='],
  ['!=', '!='],
  ['ne', '!='],
  ['<', '<'],
  ['lt', '<'],
  ['<=', '<='],
  ['le', '<='],
  ['>', '>'],
  ['gt', '>'],
  ['>=', '>='],
  ['ge', '>='],
]);

const KINDS: ReadonlyMap<string, TokenKind> = new Map([
  ['&&', 'and'],
  ['and', 'and'],
  ['||', 'or'],
  ['or', 'or'],
  ['!', 'not'],
  ['not', 'not'],
  ['in', 'in'],
  ['(', 'open'],
  [')', 'close'],
  ['{', 'begin'],
  ['}', 'end'],
  [',', 'comma'],
]);

export function comparisonOf(token: Token): Comparison | undefined {
  return token.kind === 'compare' ? COMPARISONS.get(token.text.toLowerCase()) : undefined;
}

const PIECE = /\s*(&&|\|\||==|!=|<=|>=|[<>!(){},]|[A-Za-z0-9_.:/-]+|\S)/y;

/** Takes a filter apart. What nothing is known of is a word; the parser says so. */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  PIECE.lastIndex = 0;
  for (let match = PIECE.exec(text); match !== null; match = PIECE.exec(text)) {
    const piece = match[1] ?? '';
    const word = piece.toLowerCase();
    const kind = KINDS.get(word) ?? (COMPARISONS.has(word) ? 'compare' : 'word');
    found.push({ kind, text: piece, at: PIECE.lastIndex - piece.length });
  }
  return found;
}
