/** The pages that only the local run has. On AWS people come to `/api` through a login, not here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Definition } from '../../functions/definition/definition.ts';
import type { PageHandler } from '../local/part.ts';
import { landingPage } from './landing.ts';
import { type CallApi, leadPage, leadsPage } from './leads.ts';
import { type Outbound, salesItems, salesPage } from './sales-outbox.ts';
import { shell } from './shell.ts';

export interface PageSources {
  /** Where the running system answers. */
  url(): string;
  definition(): Definition | undefined;
  /** What the files say that were saved last: errors in number, and all problems as text. */
  problems(): { errors: number; text: string };
  outbound(): Outbound[];
}

const WEB = join(import.meta.dirname, '..', '..', 'web');
const FILES: Record<string, string> = {
  'local.css': 'text/css',
  'landing.js': 'text/javascript',
  'problems.js': 'text/javascript',
};

/** Answers `/`, `/leads`, `/leads/{id}`, `/_local/outbox/sales` and the files of `web/`. */
export function localPages(sources: PageSources): PageHandler {
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    const zone = sources.definition()?.settings.zone ?? 'UTC';
    const api = callApi(sources.url());
    if (pathname === '/') return landingPage(sources.definition(), searchParams.get('lang') ?? undefined);
    if (pathname.startsWith('/web/')) return webFile(pathname.slice('/web/'.length));
    if (pathname === '/leads') return orProblem(() => leadsPage(api, searchParams, zone));
    if (pathname.startsWith('/leads/')) return orProblem(() => leadPage(api, pathname.slice('/leads/'.length), zone));
    if (pathname === '/_local/problems') {
      return Response.json({ ...sources.problems(), inForce: sources.definition()?.hash });
    }
    if (pathname === '/_local/outbox/sales') return outbox(request, sources, zone);
    return undefined;
  };
}

function webFile(name: string): Response | undefined {
  const type = FILES[name];
  return type
    ? new Response(readFileSync(join(WEB, name)), { headers: { 'content-type': `${type}; charset=utf-8` } })
    : undefined;
}

async function outbox(request: Request, sources: PageSources, zone: string): Promise<Response> {
  const inbox = await fetch(`${sources.url()}/_local/inbox`, { headers: { accept: 'application/json' } });
  const items = salesItems(await inbox.json(), sources.outbound());
  const accept = request.headers.get('accept') ?? '';
  return accept.includes('text/html') ? salesPage(items, zone) : Response.json({ items });
}

class ApiProblem extends Error {
  readonly status: number;
  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

const callApi =
  (url: string): CallApi =>
  async (path) => {
    const answer = await fetch(`${url}${path}`, { headers: { accept: 'application/json' } });
    const body: unknown = await answer.json();
    if (answer.ok) return body;
    throw new ApiProblem(answer.status, problemText(body) ?? `The API answered ${answer.status}.`);
  };

const problemText = (body: unknown): string | undefined =>
  body !== null && typeof body === 'object' && 'detail' in body ? String(body.detail) : undefined;

/** A page that says what the API could not give. */
async function orProblem(page: () => Promise<Response>): Promise<Response> {
  try {
    return await page();
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    const { html } = await import('hono/html');
    const response = await shell({
      title: 'Not found',
      body: html`<h1>Not here</h1><p>${error.message}</p><p><a href="/leads">All leads</a></p>`,
    });
    return new Response(response.body, { status: error.status, headers: response.headers });
  }
}
