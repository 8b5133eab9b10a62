/** Something that a user can put right: where it is, what stands there, what may stand there. */
export interface ScenarioProblem {
  readonly code:
    | 'too-large'
    | 'binary'
    | 'syntax'
    | 'version'
    | 'schema'
    | 'unknown-name'
    | 'duplicate-name'
    | 'address'
    | 'rules';
  /** `hosts[2].interfaces[0].network`; '' = the whole document. */
  readonly path: string;
  /** From 1; 0 where the document has no text (it came as data). */
  readonly line: number;
  readonly column: number;
  readonly found: string;
  readonly wanted: string;
}

/** Where in the text a path stands: its value, or the key that leads to it. */
export type Locate = (
  path: readonly PropertyKey[],
  end?: 'key' | 'value',
) => { line: number; column: number };

/** `hosts[2].name` */
export function pathText(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? String(part) : `.${String(part)}`;
  }
  return text;
}

/** A value as a user would recognise it, cut to a line. */
export function foundText(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
