/** The pages that only the local run has. On AWS people come to `/api` through a login, not here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Definition } from '../../functions/definition/definition.ts';
import type { PageHandler } from '../local/part.ts';
import { callApi, orProblem } from './call-api.ts';
import { landingPage } from './landing.ts';
import { leadPage } from './lead.ts';
import { changeOf } from './lead-changes.ts';
import { leadsPage } from './leads.ts';
import { type Outbound, salesItems, salesPage } from './sales-outbox.ts';
import { simulatePage } from './simulate.ts';

export interface PageSources {
  /** Where the running system answers. */
  url(): string;
  definition(): Definition | undefined;
  /** What the files say that were saved last: errors in number, and all problems as text. */
  problems(): { errors: number; text: string };
  outbound(): Outbound[];
  /** The local run's clock. */
  now(): string;
  /** The folder of definition files, which the preview shows. */
  workflows: string;
}

const WEB = join(import.meta.dirname, '..', '..', 'web');
const FILES: Record<string, string> = {
  'local.css': 'text/css',
  'leads.css': 'text/css',
  'landing.js': 'text/javascript',
  'problems.js': 'text/javascript',
};

/** Answers `/`, `/leads`, `/leads/{id}`, `/_local/outbox/sales` and the files of `web/`. */
export function localPages(sources: PageSources): PageHandler {
  const preview = previewOf(sources);
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname.startsWith('/_local/preview')) return preview(request);
    if (request.method === 'POST' && pathname.startsWith('/leads/')) return changeLead(request, sources);
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    const zone = sources.definition()?.settings.zone ?? 'UTC';
    const api = callApi(sources.url());
    if (pathname === '/') return landingPage(sources.definition(), searchParams.get('lang') ?? undefined);
    if (pathname.startsWith('/web/')) return webFile(pathname.slice('/web/'.length));
    if (pathname === '/leads') return orProblem(() => leadsPage(api, searchParams, zone));
    const exported = /^\/leads\/([^/]+)\/export$/.exec(pathname)?.[1];
    if (exported) return exportOf(sources.url(), exported);
    if (pathname.startsWith('/leads/')) {
      const notice = searchParams.has('changed') ? 'Done.' : undefined;
      return orProblem(() => leadPage(api, pathname.slice('/leads/'.length), zone, notice));
    }
    if (pathname === '/_local/problems') {
      return Response.json({ ...sources.problems(), inForce: sources.definition()?.hash });
    }
    if (pathname.startsWith('/_local/simulate')) {
      return simulatePage(new URL(request.url), sources.definition(), sources.now());
    }
    if (pathname === '/_local/outbox/sales') return outbox(request, sources, zone);
    return undefined;
  };
}

/** Compiling takes memory and a second: nothing of it is loaded before somebody looks. */
function previewOf({ url, workflows }: PageSources): PageHandler {
  let made: Promise<PageHandler> | undefined;
  return async (request) => {
    made ??= import('../preview/part-of-system.ts').then(({ previewBeside }) => previewBeside(url(), workflows));
    return (await made)(request);
  };
}

/** Does what a form of a lead's page asks for, and shows the lead again, or what was wrong. */
async function changeLead(request: Request, sources: PageSources): Promise<Response | undefined> {
  const [id = '', what = ''] = new URL(request.url).pathname.slice('/leads/'.length).split('/');
  const change = changeOf(id, what, new URLSearchParams(await request.text()));
  if (!change) return undefined;
  return orProblem(async () => {
    const answered = Changed.parse(await callApi(sources.url())(change.path, change));
    return new Response(null, { status: 303, headers: { location: `/leads/${answered.id}?changed` } });
  });
}

/** A person's data, as the API shows it to a browser. */
async function exportOf(url: string, id: string): Promise<Response> {
  const answer = await fetch(`${url}/api/leads/${id}/export`, { headers: { accept: 'text/html' } });
  return new Response(await answer.text(), { status: answer.status, headers: answer.headers });
}

const Changed = z.looseObject({ id: z.string() });

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
