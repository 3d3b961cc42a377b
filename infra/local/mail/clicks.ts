/** The addresses that tracked links and the open pixel lead to. */
import type { Parts } from '../part.ts';
import { botVerdict } from './bot.ts';
import { type ConfigurationSet, publishes } from './configuration-sets.ts';
import { type Engagement, sesEvent } from './event.ts';
import type { Mail, Mails } from './mails.ts';

/** A transparent GIF of one pixel. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

export const clickPath = (id: string, n: number): string => `/_local/ses/click/${id}/${n}`;
export const openPath = (id: string): string => `/_local/ses/open/${id}.gif`;

/**
 * Answers a click with a redirect and a read mail with a pixel, and tells the bus, as SES does: each request is one
 * event, HEAD requests of link scanners included.
 */
export function createClicks(
  parts: Pick<Parts, 'clock' | 'buses' | 'region' | 'account'>,
  mails: Mails,
  sets: Map<string, ConfigurationSet>,
): (request: Request, path: string) => Response | undefined {
  function tell(mail: Mail, engagement: Engagement): void {
    if (!publishes(sets.get(mail.configurationSet ?? ''), engagement.type)) return;
    parts.buses.put([sesEvent(mail, engagement, parts.clock.now(), parts)]);
  }

  function click(request: Request, id: string, n: number): Response {
    const mail = mails.find(id);
    const link = mail?.links[n];
    if (!mail || !link) return new Response('This link is not known.\n', { status: 404 });
    tell(mail, { type: 'Click', ...readerOf(request), link: link.url, linkTags: link.tags });
    return new Response(null, { status: 302, headers: { location: asHeader(link.url), 'cache-control': 'no-store' } });
  }

  function open(request: Request, id: string): Response {
    const mail = mails.find(id);
    if (mail) tell(mail, { type: 'Open', ...readerOf(request) });
    const body = request.method === 'HEAD' ? null : PIXEL;
    return new Response(body, { headers: { 'content-type': 'image/gif', 'cache-control': 'no-store' } });
  }

  return (request, path) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    const [, id, n] = /^\/_local\/ses\/click\/([\w-]+)\/(\d{1,3})$/.exec(path) ?? [];
    if (id !== undefined) return click(request, id, Number(n));
    const opened = /^\/_local\/ses\/open\/([^/]+)\.gif$/.exec(path)?.[1];
    return opened === undefined ? undefined : open(request, opened);
  };
}

/** A header holds ASCII only; an address that is not one is sent on as it stands. */
function asHeader(url: string): string {
  return URL.canParse(url) ? new URL(url).href : encodeURI(url);
}

function readerOf(request: Request): Pick<Engagement, 'ipAddress' | 'userAgent' | 'isBotEvent'> {
  return {
    ipAddress: request.headers.get('x-forwarded-for')?.split(',')[0]?.trim() || '127.0.0.1',
    userAgent: request.headers.get('user-agent') ?? '',
    isBotEvent: botVerdict(request),
  };
}
