/**
 * `GET /unsubscribe/{token}`: a page with one button, which changes nothing: link scanners follow GETs. `POST`: acts at
 * once, whatever the body and whoever asks (RFC 8058), and answers 200 each time, never with a redirect.
 */

import { html } from 'hono/html';
import { act } from './adapters/act.ts';
import { currentRules } from './adapters/definitions.ts';
import { loadLead } from './adapters/leads.ts';
import { stopMarketing } from './adapters/stop.ts';
import { verify } from './adapters/tokens.ts';
import { now } from './clock.ts';
import { log } from './http/log.ts';
import { buttonForm, messagePage, page } from './http/page.ts';
import { type HttpRequest, type HttpResponse, requestOf } from './http/request.ts';
import { pageLanguage, type Words, wordsIn } from './http/words.ts';
import type { Happening, Instant } from './lead/event.ts';
import type { Lead } from './lead/lead.ts';
import { MARKETING } from './lead/suppression.ts';

export async function handler(event: unknown): Promise<HttpResponse> {
  const request = requestOf(event);
  const at = now();
  try {
    return await answerTo(request, at);
  } catch (error) {
    // Mail programs try again on a 5xx.
    log.error('an unsubscribe did not go through', { error });
    const language = pageLanguage([], request.headers['accept-language']);
    return messagePage(language, wordsIn(language).laterTitle, wordsIn(language).laterText, 503);
  }
}

async function answerTo(request: HttpRequest, at: Instant): Promise<HttpResponse> {
  const verified = await verify(request.params.token ?? '', 'unsubscribe', at);
  const accept = request.headers['accept-language'];
  if (!verified.ok) {
    const language = pageLanguage([], accept);
    const words = wordsIn(language);
    const text = verified.why === 'cut' ? words.badLinkText : words.goneText;
    return messagePage(language, words.badLinkTitle, text, 400);
  }
  const lead = await loadLead(verified.subject);
  const language = pageLanguage([lead?.language], accept);
  const { settings } = await currentRules(at);
  const words = wordsIn(language);
  if (request.method === 'POST' && lead && !isUnsubscribed(lead)) await unsubscribe(lead, methodOf(request), at);
  const done = request.method === 'POST' || (lead && isUnsubscribed(lead));
  return done ? donePage(language, words, settings.name) : askPage(language, words, settings.name);
}

const isUnsubscribed = ({ stopped, consents }: Lead): boolean =>
  stopped !== undefined && consents[MARKETING]?.state === 'withdrawn';

/** The body that RFC 8058, section 3.1, prescribes to mail programs; a button's post is empty. */
const methodOf = ({ body }: HttpRequest): 'one-click' | 'unsubscribe-link' =>
  Buffer.from(body).toString('latin1').includes('One-Click') ? 'one-click' : 'unsubscribe-link';

async function unsubscribe(lead: Lead, method: 'one-click' | 'unsubscribe-link', at: Instant): Promise<void> {
  const happening: Happening = {
    // Not of the token alone: the same old link works again after a new consent.
    key: `unsubscribe:${at}`,
    type: 'email.unsubscribed',
    at,
    actor: 'human',
    data: {},
    consent: [{ purpose: MARKETING, action: 'withdrawn', method }],
  };
  const { kind } = await act({ leadId: lead.id }, [happening], { at, patient: true });
  // Stored, but judged later: the stop itself does not wait.
  if (kind === 'pending') await stopMarketing(lead.id, at);
  log.info('unsubscribed', { leadId: lead.id, outcome: kind });
}

const named = (text: string, company: string): string => text.replace('{company}', () => company);

const askPage = (language: string, words: Words, company: string): HttpResponse =>
  page({
    language,
    title: words.unsubscribeTitle,
    content: html`<p>${named(words.unsubscribeText, company)}</p>${buttonForm(words.unsubscribeButton)}`,
  });

const donePage = (language: string, words: Words, company: string): HttpResponse =>
  messagePage(language, words.unsubscribedTitle, named(words.unsubscribedText, company));
