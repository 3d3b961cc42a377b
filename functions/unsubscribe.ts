/**
 * `GET /unsubscribe/{token}`: a page with one button, which changes nothing: link scanners follow GETs. `POST`: acts at
 * once, whatever the body and whoever asks (RFC 8058), and answers 200 each time, never with a redirect.
 */
import { html } from 'hono/html';
import { currentRules } from './adapters/definitions.ts';
import { loadLead } from './adapters/leads.ts';
import { noteOwnPage } from './adapters/own-pages.ts';
import { sign, verify } from './adapters/tokens.ts';
import { isUnsubscribed, unsubscribe } from './adapters/unsubscribing.ts';
import type { Settings } from './definition/settings.ts';
import { log } from './http/log.ts';
import { badLinkPage, buttonForm, page } from './http/page.ts';
import { recipientPage } from './http/recipient-page.ts';
import { filled, recipientWords, timeText } from './http/recipient-words.ts';
import { evidenceOf, type HttpRequest, type HttpResponse } from './http/request.ts';
import { pageLanguage, wordsIn } from './http/words.ts';
import type { Instant } from './lead/event.ts';
import type { Lead } from './lead/lead.ts';
import { zoneOf } from './lead/zone.ts';

export const handler = recipientPage('an unsubscribe did not go through', answerTo);

async function answerTo(request: HttpRequest, at: Instant): Promise<HttpResponse> {
  const verified = await verify(request.params.token ?? '', 'unsubscribe', at);
  const accept = request.headers['accept-language'];
  if (!verified.ok) return badLinkPage(pageLanguage([], accept), verified.why === 'cut' ? 'cut' : 'other');
  const lead = await loadLead(verified.subject);
  const language = pageLanguage([lead?.language], accept);
  const preferences = await sign({ purpose: 'preferences', subject: verified.subject }, at);
  if (request.method === 'POST' && lead && !isUnsubscribed(lead)) {
    const kind = await unsubscribe(lead, { method: methodOf(request), evidence: evidenceOf(request) }, at);
    log.info('unsubscribed', { leadId: lead.id, outcome: kind });
  }
  if (request.method !== 'POST' && lead) await noteOwnPage(lead.id, 'unsubscribe', evidenceOf(request), at);
  const { settings } = await currentRules(at);
  const shown = { lead, language, settings, preferences };
  const stands = lead && isUnsubscribed(lead) ? (lead.stopped?.at ?? at) : undefined;
  return request.method === 'POST' || stands ? donePage(shown, stands ?? at) : askPage(shown);
}

/** The body that RFC 8058, section 3.1, prescribes to mail programs; a button's post is empty. */
const methodOf = ({ body }: HttpRequest): 'one-click' | 'unsubscribe-link' =>
  Buffer.from(body).toString('latin1').includes('One-Click') ? 'one-click' : 'unsubscribe-link';

interface Shown {
  lead: Lead | undefined;
  language: string;
  settings: Settings;
  /** The token of the page on which one may choose less. */
  preferences: string;
}

const company = ({ settings }: Shown) => ({ company: settings.name });

const lessLink = ({ language, preferences }: Shown) =>
  html`<p><a href="../preferences/${preferences}">${recipientWords(language).preferencesLink}</a></p>`;

function askPage(shown: Shown): HttpResponse {
  const words = wordsIn(shown.language);
  const content = html`<p>${filled(words.unsubscribeText, company(shown))}</p>${buttonForm(words.unsubscribeButton)}${lessLink(shown)}`;
  return page({ language: shown.language, title: words.unsubscribeTitle, content });
}

/** Confirms with the time: Decree 91/2020 of Vietnam asks for it, and it is good to have anywhere. */
function donePage(shown: Shown, at: Instant): HttpResponse {
  const { lead, language, settings } = shown;
  const words = wordsIn(language);
  const time = timeText(at, language, zoneOf(lead?.fields ?? {}, settings.zone));
  const content = html`<p>${filled(words.unsubscribedText, company(shown))}</p>
<p class="muted">${filled(recipientWords(language).recorded, { time })}</p>${lessLink(shown)}`;
  return page({ language, title: words.unsubscribedTitle, content });
}
