/** Errors as RFC 9457 problem details. */
import type { HttpResponse } from './request.ts';

export interface FieldError {
  field: string;
  message: string;
}

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  410: 'Gone',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

export interface Problem {
  type: 'about:blank';
  title: string;
  status: number;
  detail: string;
  errors?: (FieldError & { pointer: string })[];
}

/** A problem; `detail` says what is wrong in a sentence that the caller can act on. */
export const problemOf = (status: number, detail: string, errors?: FieldError[]): Problem => ({
  type: 'about:blank',
  title: TITLES[status] ?? 'Error',
  status,
  detail,
  ...(errors ? { errors: errors.map((error) => ({ ...error, pointer: `#/${pointerPart(error.field)}` })) } : {}),
});

/** RFC 6901, section 3, in the URI fragment of section 6. */
const pointerPart = (name: string): string => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));

export const problem = (status: number, detail: string, errors?: FieldError[]): HttpResponse =>
  json(status, problemOf(status, detail, errors), 'application/problem+json');

export const json = (statusCode: number, body: object, type = 'application/json'): HttpResponse => ({
  statusCode,
  headers: { 'content-type': type, 'cache-control': 'no-store' },
  body: JSON.stringify(body),
});
