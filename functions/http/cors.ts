/** CORS as each form allows it (Fetch standard, "CORS protocol"). The API itself sets none: it would override this. */
import type { HttpResponse } from './request.ts';

/** Whether an origin is on a form's list; `*` stands for any run of characters but `/`. */
export const allows = (origins: string[], origin: string): boolean =>
  origins.some((pattern) => new RegExp(`^${patternOf(pattern)}$`, 'i').test(origin));

/** An entry of such a list as the source of a regular expression, for whole origins in any case. */
export const patternOf = (pattern: string): string => pattern.split('*').map(literally).join('[^/]*');

const literally = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');

/** The headers for an answer to this origin; only `Vary` where it is not allowed. */
export function corsHeaders(origins: string[], origin: string | undefined): Record<string, string> {
  const vary = { vary: 'Origin' };
  if (origin === undefined || !allows(origins, origin)) return vary;
  return { ...vary, 'access-control-allow-origin': origin };
}

/** The answer to `OPTIONS`. */
export function preflight(origins: string[], origin: string | undefined): HttpResponse {
  const headers = corsHeaders(origins, origin);
  const allowed = {
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'content-type, idempotency-key',
    // Ten minutes: a changed form shows soon.
    'access-control-max-age': '600',
  };
  return {
    statusCode: 204,
    headers: 'access-control-allow-origin' in headers ? { ...headers, ...allowed } : headers,
    body: '',
  };
}
