/** The body of a form post as lists of texts by field name, whichever of the three ways it was sent. */
import { type HttpRequest, mediaType } from './request.ts';

export type Body =
  | {
      ok: true;
      fields: Record<string, string[]>;
      /** Fields whose value is an object or holds one: no form has such a field. */
      nested: string[];
    }
  | { ok: false; status: 400 | 413 | 415; detail: string };

/** A form of some fields is far below; see the product's list of bad input. */
export const MOST_BYTES = 32 * 1024;

const refused = (status: 400 | 413 | 415, detail: string): Body => ({ ok: false, status, detail });
const NOT_UTF8 = refused(400, 'The body is not valid UTF-8.');

/** Never throws for what a client sends. */
export async function readBody(request: HttpRequest): Promise<Body> {
  if (request.body.length > MOST_BYTES) return refused(413, 'The body is larger than 32 kB.');
  switch (mediaType(request)) {
    case 'application/json':
      return fromJson(request.body);
    case 'application/x-www-form-urlencoded':
      return fromUrlencoded(request.body);
    case 'multipart/form-data':
      return fromMultipart(request);
    default:
      return refused(
        415,
        'The content type must be application/json, application/x-www-form-urlencoded or multipart/form-data.',
      );
  }
}

/** Text, or undefined where it is not UTF-8. U+FFFD is what a gateway puts in the place of what it could not decode. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\ufffd') ? undefined : text;
  } catch {
    return undefined;
  }
}

/** JSON of any shape, as `/api/events` takes it. */
export function readJson(bytes: Uint8Array): { ok: true; value: unknown } | { ok: false; detail: string } {
  const text = textOf(bytes);
  if (text === undefined) return { ok: false, detail: 'The body is not valid UTF-8.' };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, detail: 'The body is not valid JSON.' };
  }
}

/** Whether all texts of a JSON value are text: half of a surrogate pair can be escaped there, and stored nowhere. */
export function isText(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every((entry) => entry.every(isText));
}

function fromJson(bytes: Uint8Array): Body {
  const json = readJson(bytes);
  if (!json.ok) return refused(400, json.detail);
  const { value } = json;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refused(400, 'The body must be a JSON object of field names and values.');
  }
  const nested: string[] = [];
  const entries = Object.entries(value).flatMap(([name, given]): [string, string][] => {
    const list: unknown[] = Array.isArray(given) ? given : [given];
    if (list.some((one) => typeof one === 'object' && one !== null)) nested.push(name);
    const texts = list.flatMap((one) => (typeof one === 'object' ? [] : [String(one)]));
    // A field that says nothing was posted all the same.
    return (texts.length > 0 ? texts : ['']).map((text) => [name, text]);
  });
  return wellFormed(entries, nested);
}

function fromUrlencoded(bytes: Uint8Array): Body {
  const text = textOf(bytes);
  if (text === undefined) return NOT_UTF8;
  try {
    const pairs = text.split('&').filter((pair) => pair !== '');
    const entries = pairs.map((pair): [string, string] => {
      const at = pair.indexOf('=');
      return at < 0 ? [decoded(pair), ''] : [decoded(pair.slice(0, at)), decoded(pair.slice(at + 1))];
    });
    return wellFormed(entries);
  } catch {
    return refused(400, 'The body is not valid: an escape sequence is broken or is not UTF-8.');
  }
}

/** URLSearchParams would replace what is no UTF-8 without a word. @throws URIError */
const decoded = (part: string): string => decodeURIComponent(part.replaceAll('+', ' '));

async function fromMultipart(request: HttpRequest): Promise<Body> {
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  try {
    const form = await new Response(Uint8Array.from(request.body), { headers }).formData();
    const entries: [string, string][] = [];
    for (const [name, value] of form.entries()) {
      if (typeof value === 'string') entries.push([name, value]);
      // A file field that was left empty comes as an empty file.
      else if (value.size > 0) return refused(400, `The field ${name} holds a file; forms take no files.`);
    }
    if (entries.some(([name, value]) => `${name}${value}`.includes('\ufffd'))) return NOT_UTF8;
    return wellFormed(entries);
  } catch {
    return refused(400, 'The body is not valid multipart/form-data.');
  }
}

/** Half of a surrogate pair can be escaped in JSON, but is no text. */
function wellFormed(entries: [string, string][], nested: string[] = []): Body {
  if (entries.some(([name, value]) => !name.isWellFormed() || !value.isWellFormed())) return NOT_UTF8;
  const fields = new Map<string, string[]>();
  for (const [name, value] of entries) fields.set(name, [...(fields.get(name) ?? []), value]);
  return { ok: true, fields: Object.fromEntries(fields), nested };
}
