/** JSON values as they travel through a state machine, and the size that Step Functions allows them. */

export type Json = string | number | boolean | null | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** 256 KiB of UTF-8: input and output of a state, a task or an execution, and one `Assign` (AWS service quotas). */
export const PAYLOAD_LIMIT = 262_144;

/** An object that is neither null nor an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses text that this folder wrote itself, so that its shape is known. */
export function parseJson(text: string): Json {
  return JSON.parse(text);
}

/** Whether the text is larger than AWS lets a payload be. */
export function isTooLarge(text: string): boolean {
  // A UTF-16 unit is at most three bytes of UTF-8, so most texts need no counting.
  return text.length * 3 > PAYLOAD_LIMIT && Buffer.byteLength(text) > PAYLOAD_LIMIT;
}

/**
 * Copies what a query returned into plain JSON, as AWS writes it: numbers that are not finite become the strings
 * `Infinity`, `-Infinity` and `NaN`; members without a value are left out.
 * @throws TypeError for a function, which JSON cannot hold
 */
export function toJson(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : toJson(item)));
  if (typeof value === 'object') return objectToJson(value);
  throw new TypeError(`a ${typeof value} is not a JSON value`);
}

function objectToJson(value: object): JsonObject {
  if ('_jsonata_lambda' in value || '_jsonata_function' in value) throw new TypeError('a function is not a JSON value');
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  // Entries, so that a member `__proto__` stays a plain member.
  return Object.fromEntries(members.map(([key, member]) => [key, toJson(member)]));
}
