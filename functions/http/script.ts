/** The answer to `GET /ripen.js`: the script, and before it what it must know of the forms in force. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type Form, STORAGES } from '../definition/form.ts';
import { patternOf } from './cors.ts';
import type { HttpRequest, HttpResponse } from './request.ts';

/** web/ripen.ts, bundled and minified: put in when this is bundled itself (infra/bundle.ts). */
declare const RIPEN_SCRIPT: string;

/** A changed form shows soon; a page does not wait for the script anew. */
const CACHE = 'public, max-age=300, stale-while-revalidate=86400';

/** Matches none where the list is empty. */
const oneOf = (origins: string[]): string => `^(${[...new Set(origins)].map(patternOf).join('|') || '(?!)'})$`;

/** Where each form's answer leads to, and which origins keep to which storage: none, by consent, free. */
const settingsOf = (forms: Form[]): object => ({
  f: Object.fromEntries(forms.flatMap(({ name, redirect }) => (redirect ? [[name, redirect]] : []))),
  s: STORAGES.map((storage) =>
    oneOf(forms.filter((form) => (form.storage ?? 'consent') === storage).flatMap(({ origins }) => origins)),
  ),
});

/** Ends no script element and breaks no line, wherever the script is put. */
const literal = (value: object): string =>
  JSON.stringify(value).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

export function scriptAnswer({ headers }: HttpRequest, forms: Form[]): HttpResponse {
  const body = `(self.ripen=self.ripen||{}).set=${literal(settingsOf(forms))};\n${RIPEN_SCRIPT}`;
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const common = {
    etag,
    'cache-control': CACHE,
    vary: 'accept-encoding',
    // Any page may load it; what it may do there the forms say.
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
  };
  const known = (headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (known.includes(etag)) return { statusCode: 304, headers: common, body: '' };
  const typed = { ...common, 'content-type': 'text/javascript; charset=utf-8' };
  // API Gateway compresses nothing.
  if (!/\bgzip\b/i.test(headers['accept-encoding'] ?? '')) return { statusCode: 200, headers: typed, body };
  const zipped = gzipSync(body).toString('base64');
  return { statusCode: 200, headers: { ...typed, 'content-encoding': 'gzip' }, body: zipped, isBase64Encoded: true };
}
