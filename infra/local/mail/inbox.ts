/** The inbox of this machine: every mail that SES took, as JSON and as pages. */
import { decodeWords } from 'postal-mime';
import { shown } from './address.ts';
import { emlOf } from './eml.ts';
import { listPage, mailPage, missingPage, type View } from './inbox-pages.ts';
import type { Mail, Mails } from './mails.ts';

/** A mail as its recipients see it. */
export interface InboxItem {
  id: string;
  messageId: string;
  /** As in the header, names decoded; several are separated by commas. */
  to: string;
  from: string;
  subject: string;
  headers: Record<string, string>;
  tags: Record<string, string>;
  /** With tracked links and the open pixel. */
  html: string | null;
  text: string | null;
  /** ISO 8601, engine time. */
  at: string;
  attachments: { name: string; type: string }[];
}

const MAX_ITEMS = 1000;

/**
 * @param complain what pressing "report as spam" does.
 * @param zone that in which the pages tell the time.
 */
export function createInbox(mails: Mails, complain: (mail: Mail) => void, zone: () => string) {
  function list(request: Request, url: URL): Response {
    // A plus sign that the caller did not encode arrives as a space, and addresses have no spaces.
    const to = url.searchParams.get('to')?.trim().replaceAll(' ', '+') || undefined;
    const before = count(url.searchParams.get('cursor'), Number.MAX_SAFE_INTEGER);
    const limit = Math.min(count(url.searchParams.get('limit'), wantsJson(request) ? MAX_ITEMS : 100), MAX_ITEMS);
    const { mails: page, cursor } = mails.list({ to, before, limit });
    const items = page.map(item);
    if (wantsJson(request)) return json({ items, ...(cursor === undefined ? {} : { cursor: String(cursor) }) });
    return document(listPage(items, { to, cursor, zone: zone() }));
  }

  function one(request: Request, url: URL, mail: Mail): Response {
    return wantsJson(request) ? json(item(mail)) : document(mailPage(item(mail), viewOf(url, mail), zone()));
  }

  async function eml(request: Request, path: string): Promise<Response> {
    const mail = mails.find(/^\/_local\/inbox\/([\w-]+)\.eml$/.exec(path)?.[1] ?? '');
    if (!mail) return missing(request);
    const headers = {
      'content-type': 'message/rfc822',
      'content-disposition': `attachment; filename="${mail.id}.eml"`,
    };
    return new Response(new Uint8Array(await emlOf(mail)), { headers: { ...headers, 'cache-control': 'no-store' } });
  }

  return (request: Request, path: string): Response | Promise<Response> | undefined => {
    if (path.endsWith('.eml')) return eml(request, path);
    const [, id, part] = /^\/_local\/inbox(?:\/([\w-]+)(?:\/(html|complaint))?)?\/?$/.exec(path) ?? [undefined];
    if (!path.startsWith('/_local/inbox')) return undefined;
    const url = new URL(request.url);
    const reading = request.method === 'GET' || request.method === 'HEAD';
    if (id === undefined) return reading && /^\/_local\/inbox\/?$/.test(path) ? list(request, url) : undefined;
    const mail = mails.find(id);
    if (!mail) return missing(request);
    if (part === 'complaint' && request.method === 'POST') {
      complain(mail);
      return new Response(null, { status: 303, headers: { location: `/_local/inbox/${id}` } });
    }
    if (!reading || part === 'complaint') return undefined;
    return part === 'html' ? frame(mail) : one(request, url, mail);
  };
}

function item(mail: Mail): InboxItem {
  const addresses = new Set(['from', 'to', 'cc', 'reply-to']);
  const own = [
    { name: 'Date', value: new Date(mail.at).toUTCString() },
    { name: 'Message-ID', value: `<${mail.messageId}@email.amazonses.com>` },
  ];
  const headers: Record<string, string> = {};
  for (const { name, value } of [...own, ...mail.headers]) {
    const text = addresses.has(name.toLowerCase()) ? shown(value) : decodeWords(value);
    headers[name] = headers[name] === undefined ? text : `${headers[name]}, ${text}`;
  }
  return {
    id: mail.id,
    messageId: mail.messageId,
    to: mail.to.map(shown).join(', '),
    from: shown(mail.from),
    subject: mail.subject,
    headers,
    tags: mail.tags,
    html: mail.html ?? null,
    text: mail.text ?? null,
    at: new Date(mail.at).toISOString(),
    attachments: mail.attachments,
  };
}

function viewOf(url: URL, mail: Mail): View {
  const asked = url.searchParams.get('view');
  if (asked === 'html' || asked === 'text' || asked === 'headers') return asked;
  return mail.html === undefined ? 'text' : 'html';
}

function count(text: string | null, otherwise: number): number {
  return text !== null && /^[1-9]\d{0,15}$/.test(text) ? Number(text) : otherwise;
}

function wantsJson(request: Request): boolean {
  const accept = request.headers.get('accept') ?? '';
  return accept.includes('application/json') && !accept.includes('text/html');
}

function json(body: unknown): Response {
  return Response.json(body, { headers: { 'cache-control': 'no-store' } });
}

/** Pages run one script, the clock bar; a mail's own HTML runs none. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; frame-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const MAIL_POLICY =
  'sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; ' +
  "default-src 'none'; img-src * data:; media-src *; font-src * data:; style-src * 'unsafe-inline'; form-action 'none'";

function document(page: string, status = 200): Response {
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': PAGE_POLICY };
  return new Response(page, { status, headers: { ...headers, 'cache-control': 'no-store' } });
}

/** The mail's own HTML; its links open in a new tab, as in a mail program. */
function frame(mail: Mail): Response {
  const base = '<base target="_blank">';
  const html = mail.html ?? '';
  const head = /<head\b[^>]*>/i.exec(html);
  const at = head ? head.index + head[0].length : (/^\s*<!doctype[^>]*>/i.exec(html)?.[0].length ?? 0);
  return new Response(html.slice(0, at) + base + html.slice(at), {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': MAIL_POLICY,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    },
  });
}

function missing(request: Request): Response {
  if (!wantsJson(request)) return document(missingPage(), 404);
  const problem = { type: 'about:blank', title: 'There is no such mail', status: 404 };
  return Response.json(problem, { status: 404, headers: { 'content-type': 'application/problem+json' } });
}
