/** `/_local`: where what AWS has can be found here, and the clock. */
import * as z from 'zod';
import type { EngineClock } from './clock.ts';
import { realNow } from './clock.ts';
import { durationFrom } from './duration.ts';
import type { PageHandler } from './part.ts';

/** What an AWS CLI or SDK needs to be pointed at the running system. */
export interface Directory {
  /** The endpoint of every service but DynamoDB. */
  aws: string;
  dynamodb: string;
  region: string;
  account: string;
  tables: string[];
  buses: string[];
  queues: string[];
  stateMachines: string[];
  functions: string[];
}

const Move = z.object({ advance: z.string() });

/** The last moment that a Date can be written as a year of four digits: 9999-12-31. */
const END_OF_TIME = 253_402_300_799_999;

/** A move runs every due moment on its way, and cannot be given up. */
const LONGEST = 'P10Y';

export function createLocalPages(
  clock: EngineClock,
  advance: (ms: number) => Promise<void>,
  directory: () => Directory,
): PageHandler {
  const now = (): string => new Date(clock.now()).toISOString();

  const move = async (request: Request): Promise<Response> => {
    const parsed = Move.safeParse(readJson(await request.text()));
    if (!parsed.success) return problem(400, 'The body is not {"advance": "<duration>"}, such as {"advance": "P3D"}.');
    const length = durationFrom(parsed.data.advance, clock.now());
    if (length === undefined) {
      return problem(
        400,
        `"${parsed.data.advance}" is not an ISO 8601 duration that is zero or more, such as P3D, PT1H or P1W.`,
      );
    }
    if (length > (durationFrom(LONGEST, clock.now()) ?? 0))
      return problem(400, `"${parsed.data.advance}" is more than ten years: move the clock by less at once.`);
    if (clock.now() + length > END_OF_TIME) return problem(400, `"${parsed.data.advance}" leads beyond the year 9999.`);
    await advance(length);
    return Response.json({ now: now() });
  };

  return (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/_local' || pathname === '/_local/') {
      return request.method === 'GET' ? Response.json({ ...directory(), now: now() }) : notAllowed('GET');
    }
    if (pathname !== '/_local/clock') return undefined;
    if (request.method === 'POST') return move(request);
    if (request.method !== 'GET') return notAllowed('GET, POST');
    return Response.json({ now: now(), real: new Date(realNow()).toISOString(), offsetMs: clock.offset() });
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const problem = (status: number, detail: string): Response =>
  Response.json(
    { title: 'Bad Request', status, detail },
    { status, headers: { 'content-type': 'application/problem+json' } },
  );

const notAllowed = (allow: string): Response => new Response(null, { status: 405, headers: { allow } });
