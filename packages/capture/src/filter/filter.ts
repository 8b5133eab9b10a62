import { inPrefix, ipv4, parseIpv4, parseMac } from '@lvscope/inet';
import type { CapturedFrame } from '../frame.ts';
import { FIELDS, type FilterField } from './fields.ts';
import { type Comparison, comparisonOf, type Token, tokens } from './lexer.ts';

/** What was wanted at the place where a filter could not be read on. */
export type FilterWanted =
  | 'field'
  | 'comparison'
  | 'number'
  | 'ipv4'
  | 'mac'
  | 'no-value'
  | 'closing'
  | 'list'
  | 'operator';

/** Why a filter cannot be read: the place in its text, what stands there, what was wanted instead. */
export interface FilterFault {
  /** 0 = the first letter. */
  readonly at: number;
  /** Letters; 0 = at the end. */
  readonly length: number;
  readonly found: string;
  readonly wanted: FilterWanted;
}

/** One comparison of a filter: a number, or an address with the length of its prefix. */
interface Operand {
  readonly value: number;
  readonly prefixLength: number;
}

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | { readonly kind: 'present'; readonly field: FilterField }
  | { readonly kind: 'compare'; readonly field: FilterField; readonly by: Comparison; readonly with: Operand }
  | { readonly kind: 'in'; readonly field: FilterField; readonly list: readonly Operand[] };

export type FilterAnswer =
  | { readonly ok: true; readonly filter: Filter | undefined }
  | { readonly ok: false; readonly fault: FilterFault };

/** A fault on its way out of the parser; it leaves by `parseFilter` as a value. */
class Refused extends Error {
  readonly fault: FilterFault;
  constructor(fault: FilterFault) {
    super(fault.wanted);
    this.fault = fault;
  }
}

interface Reader {
  readonly text: string;
  readonly tokens: readonly Token[];
  next: number;
}

/** Reads Wireshark's display filter: fields, comparisons, `in {…}`, and, or, not, parentheses. */
export function parseFilter(text: string): FilterAnswer {
  const reader: Reader = { text, tokens: tokens(text), next: 0 };
  if (reader.tokens.length === 0) return { ok: true, filter: undefined };
  try {
    const filter = alternatives(reader);
    if (reader.next < reader.tokens.length) refuse(reader, 'operator');
    return { ok: true, filter };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, fault: error.fault };
    throw error;
  }
}

function refuse(reader: Reader, wanted: FilterWanted, token = reader.tokens[reader.next]): never {
  const at = token?.at ?? reader.text.length;
  throw new Refused({ at, length: token?.text.length ?? 0, found: token?.text ?? '', wanted });
}

function take(reader: Reader, kind: Token['kind']): boolean {
  if (reader.tokens[reader.next]?.kind !== kind) return false;
  reader.next++;
  return true;
}

function joined(reader: Reader, kind: 'and' | 'or', part: (reader: Reader) => Filter): Filter {
  const parts = [part(reader)];
  while (take(reader, kind)) parts.push(part(reader));
  return parts.length === 1 ? parts[0]! : { kind, parts };
}

const alternatives = (reader: Reader): Filter => joined(reader, 'or', conditions);
const conditions = (reader: Reader): Filter => joined(reader, 'and', condition);

function condition(reader: Reader): Filter {
  if (take(reader, 'not')) return { kind: 'not', part: condition(reader) };
  if (take(reader, 'open')) {
    const inner = alternatives(reader);
    if (!take(reader, 'close')) refuse(reader, 'closing');
    return inner;
  }
  const token = reader.tokens[reader.next];
  const field = token?.kind === 'word' ? FIELDS.get(token.text.toLowerCase()) : undefined;
  if (field === undefined) return refuse(reader, 'field');
  reader.next++;
  return comparison(reader, field);
}

function comparison(reader: Reader, field: FilterField): Filter {
  const token = reader.tokens[reader.next];
  if (token === undefined) return { kind: 'present', field };
  if (token.kind === 'in') {
    if (field.kind === 'none') refuse(reader, 'no-value');
    reader.next++;
    return { kind: 'in', field, list: list(reader, field) };
  }
  const by = comparisonOf(token);
  if (by === undefined) return { kind: 'present', field };
  if (field.kind === 'none') refuse(reader, 'no-value');
  reader.next++;
  return { kind: 'compare', field, by, with: operand(reader, field) };
}

function list(reader: Reader, field: FilterField): Operand[] {
  if (!take(reader, 'begin')) refuse(reader, 'list');
  const found = [operand(reader, field)];
  while (!take(reader, 'end')) {
    if (reader.next >= reader.tokens.length) refuse(reader, 'closing');
    take(reader, 'comma');
    found.push(operand(reader, field));
  }
  return found;
}

function operand(reader: Reader, field: FilterField): Operand {
  const token = reader.tokens[reader.next];
  const wanted = field.kind === 'none' ? 'no-value' : field.kind;
  const value = token?.kind === 'word' ? valueOf(token.text, wanted) : undefined;
  if (value === undefined) return refuse(reader, wanted);
  reader.next++;
  return value;
}

function valueOf(text: string, kind: 'number' | 'ipv4' | 'mac' | 'no-value'): Operand | undefined {
  switch (kind) {
    case 'number': {
      if (/^(true|false)$/i.test(text))
        return { value: text.toLowerCase() === 'true' ? 1 : 0, prefixLength: 32 };
      return /^(\d+|0x[0-9a-f]+)$/i.test(text) ? { value: Number(text), prefixLength: 32 } : undefined;
    }
    case 'ipv4': {
      const [quad = '', length = '32'] = text.split('/');
      const value = parseIpv4(quad);
      const prefixLength = /^\d+$/.test(length) ? Number(length) : 33;
      return value === undefined || prefixLength > 32 ? undefined : { value, prefixLength };
    }
    case 'mac': {
      const value = /^(broadcast)$/i.test(text) ? 0xffffffffffff : parseMac(text.replaceAll('-', ':'));
      return value === undefined ? undefined : { value, prefixLength: 32 };
    }
    case 'no-value':
      return undefined;
  }
}

/** Whether a frame passes. Of a field with several values one has to compare well; with `!=` all. */
export function passes(filter: Filter, frame: CapturedFrame): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.parts.every((part) => passes(part, frame));
    case 'or':
      return filter.parts.some((part) => passes(part, frame));
    case 'not':
      return !passes(filter.part, frame);
    case 'present':
      return filter.field.values(frame).length > 0;
    case 'in':
      return filter.field
        .values(frame)
        .some((value) => filter.list.some((one) => compare(filter.field, value, '==', one)));
    case 'compare': {
      const values = filter.field.values(frame);
      if (filter.by === '!=') {
        return values.length > 0 && values.every((value) => compare(filter.field, value, '!=', filter.with));
      }
      return values.some((value) => compare(filter.field, value, filter.by, filter.with));
    }
  }
}

function compare(field: FilterField, value: number, by: Comparison, operand: Operand): boolean {
  const same =
    field.kind === 'ipv4'
      ? inPrefix(ipv4(value), ipv4(operand.value), operand.prefixLength)
      : value === operand.value;
  switch (by) {
    case '==':
      return same;
    case '!=':
      return !same;
    case '<':
      return value < operand.value;
    case '<=':
      return value <= operand.value || same;
    case '>':
      return value > operand.value;
    case '>=':
      return value >= operand.value || same;
  }
}
