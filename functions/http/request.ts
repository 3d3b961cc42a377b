/** What API Gateway hands to a function (HTTP API, payload format 2.0), parsed. */
import * as z from 'zod/mini';

const eventShape = z.object({
  rawPath: z.string(),
  rawQueryString: z.optional(z.string()),
  headers: z.optional(z.record(z.string(), z.optional(z.string()))),
  pathParameters: z.optional(z.nullable(z.record(z.string(), z.optional(z.string())))),
  body: z.optional(z.nullable(z.string())),
  isBase64Encoded: z.optional(z.boolean()),
  requestContext: z.object({
    http: z.object({ method: z.string(), sourceIp: z.optional(z.string()), userAgent: z.optional(z.string()) }),
  }),
});

export interface HttpRequest {
  method: string;
  path: string;
  params: Record<string, string>;
  query: URLSearchParams;
  /** By lower-case name. */
  headers: Record<string, string>;
  /** As it was sent, but for text that API Gateway has decoded. */
  body: Uint8Array;
  ip: string;
  userAgent: string;
}

export interface HttpResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
  /** The body is bytes in base64: they were compressed. */
  isBase64Encoded?: true;
}

/** @throws ZodError when the event is none of API Gateway's. */
export function requestOf(event: unknown): HttpRequest {
  const { rawPath, rawQueryString, headers, pathParameters, body, isBase64Encoded, requestContext } = z.parse(
    eventShape,
    event,
  );
  return {
    method: requestContext.http.method.toUpperCase(),
    path: rawPath,
    params: given(pathParameters ?? {}),
    query: new URLSearchParams(rawQueryString ?? ''),
    headers: Object.fromEntries(
      Object.entries(given(headers ?? {})).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
    ip: requestContext.http.sourceIp ?? '',
    userAgent: requestContext.http.userAgent ?? '',
  };
}

const given = (record: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(record).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

/** The media type of the body, without its parameters, in lower case; empty when it is not named. */
export const mediaType = ({ headers }: HttpRequest): string =>
  (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** Whether the caller is a script: it asks for JSON, or sent JSON without asking for a page. */
export function wantsJson(request: HttpRequest): boolean {
  const accept = request.headers.accept ?? '';
  if (/application\/([\w.-]+\+)?json/i.test(accept)) return true;
  return mediaType(request) === 'application/json' && !/text\/html/i.test(accept);
}

/** Where an act of consent comes from: kept for a while beside its record. */
export const evidenceOf = ({ ip, userAgent }: HttpRequest): { ip?: string; userAgent?: string } => ({
  ...(ip && { ip }),
  ...(userAgent && { userAgent: userAgent.slice(0, 300) }),
});
