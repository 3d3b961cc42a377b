/** Reads the fields of one JSON object of a definition, and notes each fault with the place where it is. */
import type { Restricted } from '../expression/references.ts';
import { compileTemplate, type Template } from '../expression/template.ts';
import { isRecord } from '../json.ts';

export interface Diagnostic {
  severity: 'ERROR';
  code: string;
  message: string;
  /** A path from the root: `/States/Send/Next`. */
  location: string;
}

/** One object of the definition under check. */
export interface Part {
  readonly fields: Record<string, unknown>;
  /** Its own path; the empty text for the root. */
  readonly location: string;
  readonly diagnostics: Diagnostic[];
}

export const SCHEMA = 'SCHEMA_VALIDATION_FAILED';

/** Seconds above this are refused by AWS. */
export const MAX_SECONDS = 99_999_999;

/** Notes a fault at a field of the part, or at the part itself. */
export function note(part: Part, message: string, field = '', code = SCHEMA): void {
  const location = field === '' ? part.location || '/' : `${part.location}/${field}`;
  part.diagnostics.push({ severity: 'ERROR', code, message, location });
}

export function partOf(part: Part, value: unknown, field: string): Part | undefined {
  if (isRecord(value)) return { fields: value, location: `${part.location}/${field}`, diagnostics: part.diagnostics };
  note(part, 'Expected value of type [OBJECT]', field);
  return undefined;
}

export function requireFields(part: Part, ...names: string[]): void {
  const missing = names.filter((name) => part.fields[name] === undefined);
  if (missing.length > 0) note(part, `These fields are required: [${missing.join(', ')}]`);
}

export function text(part: Part, field: string): string | undefined {
  const value = part.fields[field];
  if (value === undefined || typeof value === 'string') return value;
  note(part, 'Expected value of type [STRING]', field);
  return undefined;
}

export function list(part: Part, field: string): unknown[] {
  const value = part.fields[field];
  if (value === undefined) return [];
  if (Array.isArray(value) && value.length > 0) return value;
  note(part, 'Expected a non-empty value of type [ARRAY]', field);
  return [];
}

/** A constant number between bounds. */
export function number(
  part: Part,
  field: string,
  bounds: { min: number; max: number; whole: boolean },
): number | undefined {
  const value = part.fields[field];
  if (value === undefined) return undefined;
  const { min, max, whole } = bounds;
  if (typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
  note(part, `Expected ${whole ? 'an integer' : 'a number'} between ${min} and ${max}`, field);
  return undefined;
}

/** A field that may be, or hold, expressions. `allowed`: which parts of `$states` it has besides input and context. */
export function template(
  part: Part,
  field: string,
  allowed: readonly Restricted[] = [],
  prefix = '',
): Template | undefined {
  const value = part.fields[field];
  if (value === undefined) return undefined;
  return compileTemplate(value, prefix + field, allowed, (code, message, location) => {
    note(part, message, location.slice(prefix.length), code);
  });
}

/** A field that is a constant integer in bounds, or an expression for one. */
export function integerTemplate(part: Part, field: string, min: number, max: number): Template | undefined {
  if (!isExpression(part.fields[field])) number(part, field, { min, max, whole: true });
  return template(part, field);
}

/** A field that is a text, or an expression for one. */
export function textTemplate(part: Part, field: string): Template | undefined {
  text(part, field);
  return template(part, field);
}

/** An `Assign`: an object whose members name variables. */
export function assign(part: Part, allowed: readonly Restricted[] = [], prefix = ''): Template | undefined {
  const value = part.fields.Assign;
  if (value === undefined) return undefined;
  if (!isRecord(value)) {
    note(part, 'Expected value of type [OBJECT]', 'Assign');
    return undefined;
  }
  for (const name of Object.keys(value)) {
    const fault = faultOfVariable(name);
    if (fault) note(part, fault, `Assign/${name}`);
  }
  return template(part, 'Assign', allowed, prefix);
}

/** Unicode Standard Annex 31, at most 80 characters, as AWS asks. */
function faultOfVariable(name: string): string | undefined {
  if (name === 'states') return "The variable name 'states' is reserved";
  if (!/^\p{ID_Start}\p{ID_Continue}{0,79}$/u.test(name)) return `'${name}' is not a valid variable name`;
  return undefined;
}

export function isExpression(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('{%') && value.endsWith('%}');
}
