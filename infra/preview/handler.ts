/** The preview under `/_local/preview`: pages, mails for their frames, pictures, test sends, and the signal to load anew. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diagramOf } from '../../functions/http/diagram.ts';
import type { PageHandler } from '../local/part.ts';
import { indexBody } from './index-page.ts';
import { type MailPage, mailBody } from './mail-page.ts';
import { inScheme, viewMail } from './mail-view.ts';
import { page, ROOT } from './shell.ts';
import type { PreviewState, Shown, Snapshot } from './state.ts';
import { readAddress, type TestSender, testLimit } from './test-send.ts';
import { leadsAt, leadsText, pictureFor, workflowBody } from './workflow-page.ts';

export interface PreviewSources {
  state: PreviewState;
  /** Where a running system answers, if one may be there. */
  system?: string;
  isPartOfSystem: boolean;
  send: TestSender;
}

const WEB = join(import.meta.dirname, '..', '..', 'web');
const FILES: Record<string, string> = {
  'local.css': 'text/css',
  'preview.css': 'text/css',
  'preview.js': 'text/javascript',
};
/** Shorter than what a proxy or a browser waits for; the browser asks again by itself. */
const WAIT_MS = 20_000;

/** Answers everything below `/_local/preview`. */
export function previewPages(sources: PreviewSources): PageHandler {
  const mayTest = testLimit();
  return async (request) => {
    const url = new URL(request.url);
    if (url.pathname !== ROOT && !url.pathname.startsWith(`${ROOT}/`)) return undefined;
    const [, kind = '', name = '', ...rest] = decoded(url.pathname.slice(ROOT.length)).split('/');
    if (kind === 'send' && name === '') return request.method === 'POST' ? test(request, sources, mayTest) : undefined;
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    if (kind === 'changes') return changes(url, sources.state);
    if (FILES[kind] && name === '') return webFile(kind);
    const snapshot = await sources.state.current();
    if (kind === '') return index(request, snapshot, sources);
    if (kind === 'emails') return mail(url, { name, language: rest[0] ?? '', part: rest[1] }, snapshot, sources);
    if (kind === 'workflows') return workflow(name, rest[0], snapshot, sources);
    return missing(snapshot, sources);
  };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

const webFile = (name: string): Response =>
  new Response(readFileSync(join(WEB, name)), { headers: { 'content-type': `${FILES[name]}; charset=utf-8` } });

/**
 * A server-sent event once a file was saved. Each answer holds one event at most and ends; the browser asks again at once.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
async function changes(url: URL, state: PreviewState): Promise<Response> {
  const known = Number(url.searchParams.get('since'));
  const number = await state.change(known, WAIT_MS);
  const event = number === known ? ': nothing new\n\n' : `event: changed\ndata: ${number}\n\n`;
  const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store' };
  return new Response(`retry: 300\n${event}`, { headers });
}

function index(request: Request, snapshot: Snapshot, { isPartOfSystem }: PreviewSources): Promise<Response> | Response {
  const accept = request.headers.get('accept') ?? '';
  const { definition, problems } = snapshot;
  if (accept.includes('application/json') && !accept.includes('text/html')) {
    const emails = Object.entries(definition?.emails ?? {}).map(([name, each]) => ({
      name,
      languages: Object.keys(each),
    }));
    return Response.json({ problems, emails, workflows: Object.keys(definition?.workflows ?? {}) });
  }
  return page({ title: 'Mails and workflows', snapshot, isPartOfSystem, body: indexBody(definition) });
}

function missing(snapshot: Snapshot, { isPartOfSystem }: PreviewSources): Promise<Response> {
  return page({ title: 'Not here', snapshot, isPartOfSystem, status: 404, body: indexBody(snapshot.definition) });
}

interface Asked {
  name: string;
  language: string;
  part?: string | undefined;
}

const own = <T>(values: Record<string, T> | undefined, key: string): T | undefined =>
  values && Object.hasOwn(values, key) ? values[key] : undefined;

/** The mail, for the sample lead that was asked for, or for one of its language. */
function mailPage(
  asked: Asked,
  lead: string | null,
  snapshot: Snapshot,
  system = 'https://example.com',
): MailPage | undefined {
  const { definition, samples } = snapshot;
  const email = own(own(definition?.emails, asked.name), asked.language);
  const sample =
    samples.find(({ id }) => id === lead) ?? samples.find(({ language }) => language === asked.language) ?? samples[0];
  if (!definition || !email || !sample) return undefined;
  return { definition, samples, sample, view: viewMail(definition, email, sample, system) };
}

function mail(url: URL, asked: Asked, snapshot: Snapshot, sources: PreviewSources): Promise<Response> | Response {
  const found = mailPage(asked, url.searchParams.get('lead'), snapshot, sources.system);
  if (!found) return missing(snapshot, sources);
  if (asked.part === 'html') return frame(found, url.searchParams.get('scheme') === 'dark' ? 'dark' : 'light');
  const { isPartOfSystem } = sources;
  return page({ title: asked.name, snapshot, isPartOfSystem, body: mailBody(found) });
}

/** A mail's own HTML runs no script and sends no form; its height is read by the page around it. */
const MAIL_POLICY =
  'sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; ' +
  "default-src 'none'; img-src https: data:; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'self'";

const frame = ({ view }: MailPage, scheme: 'light' | 'dark'): Response =>
  new Response(inScheme(view.html, scheme), {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': MAIL_POLICY,
      'referrer-policy': 'no-referrer',
    },
  });

async function workflow(
  file: string,
  part: string | undefined,
  snapshot: Snapshot,
  sources: PreviewSources,
): Promise<Response> {
  const [, name = file, kind] = /^(.+)\.(svg|mmd)$/.exec(file) ?? [];
  const { definition } = snapshot;
  const found = own(definition?.workflows, name);
  if (!definition || !found) return missing(snapshot, sources);
  if (kind === 'svg') return text(pictureFor(definition, found), 'image/svg+xml');
  if (kind === 'mmd') return text(`${diagramOf(found)}\n`, 'text/plain');
  const leads = await leadsAt(sources.system, found);
  if (part === 'live') {
    return Response.json({ text: leadsText(leads), picture: pictureFor(definition, found, { leads, linked: true }) });
  }
  const { isPartOfSystem } = sources;
  return page({ title: name, snapshot, isPartOfSystem, body: workflowBody(definition, found, leads) });
}

const text = (body: string, type: string): Response =>
  new Response(body, { headers: { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' } });

/** One click sends one mail to one address. */
async function test(request: Request, sources: PreviewSources, mayTest: (now: number) => boolean): Promise<Response> {
  const form = new URLSearchParams(await request.text());
  const snapshot = await sources.state.current();
  const asked = { name: form.get('email') ?? '', language: form.get('language') ?? '' };
  const found = mailPage(asked, form.get('lead'), snapshot, sources.system);
  if (!found) return missing(snapshot, sources);
  const given = form.getAll('to').join(',');
  const { status, ...notice } = await outcomeOf(readAddress(given), found, sources, mayTest);
  const body = mailBody({ ...found, notice, to: given });
  return page({ title: asked.name, snapshot, isPartOfSystem: sources.isPartOfSystem, status, body });
}

interface TestOutcome {
  status: number;
  text: string;
  isBad: boolean;
}

async function outcomeOf(
  to: string | undefined,
  { view, definition }: { view: MailPage['view']; definition: Shown },
  { send }: PreviewSources,
  mayTest: (now: number) => boolean,
): Promise<TestOutcome> {
  if (!to) return { status: 422, text: 'Give one address, your own.', isBad: true };
  if (!mayTest(Date.now()))
    return { status: 429, text: 'That were many tests within a minute: wait a little.', isBad: true };
  try {
    await send(view, to, definition.settings.replyTo);
    return { status: 200, text: `Sent to ${to}.`, isBad: false };
  } catch (error) {
    return { status: 502, text: `Not sent: ${error instanceof Error ? error.message : String(error)}`, isBad: true };
  }
}
