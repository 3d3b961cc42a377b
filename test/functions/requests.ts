/** Requests as API Gateway hands them to a function (HTTP API, payload format 2.0). */
import { z } from 'zod';

export interface Asking {
  method?: string;
  path?: string;
  params?: Record<string, string>;
  query?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

export const requestEvent = (asking: Asking = {}): object => {
  const { method = 'GET', path = '/', params = {}, query = '', headers = {}, body } = asking;
  const text = typeof body === 'string';
  return {
    version: '2.0',
    routeKey: `${method} ${path}`,
    rawPath: path,
    rawQueryString: query,
    headers,
    pathParameters: params,
    requestContext: { http: { method, path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'test' } },
    ...(body === undefined ? {} : { body: text ? body : Buffer.from(body).toString('base64') }),
    isBase64Encoded: !text,
  };
};

export const postJson = (path: string, params: Record<string, string>, value: unknown, headers = {}): object =>
  requestEvent({
    method: 'POST',
    path,
    params,
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify(value),
  });

const answer = z.looseObject({
  statusCode: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});

/** What a function answered, with its JSON read where it is some. */
export const answerOf = (value: unknown) => {
  const read = answer.parse(value);
  const isJson = /json/.test(read.headers['content-type'] ?? '');
  const json: unknown = isJson ? JSON.parse(read.body) : undefined;
  return { ...read, json };
};
