/** The rules of SES for custom headers and message tags. */
import * as z from 'zod';
import { badRequest } from './refusal.ts';

export const MessageHeader = z.strictObject({ Name: z.string(), Value: z.string() });
export const MessageTag = z.strictObject({ Name: z.string(), Value: z.string() });

/** SES sets these itself ("Amazon SES header fields"). */
const forbidden = new Set(
  ['BCC', 'CC', 'Content-Disposition', 'Content-Type', 'Date', 'From', 'Message-ID', 'MIME-Version']
    .concat(['Reply-To', 'Return-Path', 'Subject', 'To'])
    .map((name) => name.toLowerCase()),
);
const onlyOnce = new Set(['list-unsubscribe', 'list-unsubscribe-post']);

/** MessageHeader in the API reference: 15 headers; 126 characters a name, 995 a value, 996 together; printable ASCII. */
const MAX_HEADERS = 15;
const MAX_NAME = 126;
const MAX_VALUE = 995;
const MAX_TOGETHER = 996;

/** @throws AwsError BadRequestException that names the header. */
export function checkHeaders(headers: z.infer<typeof MessageHeader>[]): void {
  if (headers.length > MAX_HEADERS) throw badRequest(`Too many headers: ${headers.length}, over ${MAX_HEADERS}`);
  const seen = new Set<string>();
  for (const { Name, Value } of headers) {
    const key = Name.toLowerCase();
    if (!/^[!-9;-~]+$/.test(Name) || Name.length > MAX_NAME) throw badRequest(`Header name '${Name}' is not valid`);
    if (forbidden.has(key)) throw badRequest(`Header '${Name}' is not allowed as a custom header`);
    if (!/^[ -~]+$/.test(Value) || Value.length > MAX_VALUE)
      throw badRequest(`The value of header '${Name}' is not valid`);
    if (Name.length + Value.length > MAX_TOGETHER)
      throw badRequest(`Header '${Name}' is longer than ${MAX_TOGETHER} characters`);
    if (onlyOnce.has(key) && seen.has(key)) throw badRequest(`Header '${Name}' may stand once only`);
    seen.add(key);
  }
}

/**
 * Names and values of tags: letters, digits, `_` and `-`, 256 at most; each name once.
 * @throws AwsError BadRequestException that names the tag.
 */
export function checkTags(tags: Record<string, string>, given: z.infer<typeof MessageTag>[]): void {
  if (new Set(given.map((tag) => tag.Name)).size < given.length) throw badRequest('Duplicate tag name in EmailTags');
  for (const [name, value] of Object.entries(tags)) {
    if (!/^[\w-]{1,256}$/.test(name))
      throw badRequest(`Invalid email tag name <${name}>: only alphanumeric ASCII, '_' and '-'`);
    if (!/^[\w-]{1,256}$/.test(value))
      throw badRequest(`Invalid value of email tag <${name}>: only alphanumeric ASCII, '_' and '-'`);
  }
}
