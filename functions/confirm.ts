/**
 * `GET /confirm/{token}`: what was agreed to, and one button; it changes nothing, since link scanners follow GETs and run
 * what they find. `POST`: confirms. A link confirms the consent that it was made for, and no other.
 */
import { html } from 'hono/html';
import { act } from './adapters/act.ts';
import { currentRules } from './adapters/definitions.ts';
import { loadLead, readLog } from './adapters/leads.ts';
import { verify } from './adapters/tokens.ts';
import { log } from './http/log.ts';
import { badLinkPage, buttonForm, page } from './http/page.ts';
import { recipientPage } from './http/recipient-page.ts';
import { filled, recipientWords } from './http/recipient-words.ts';
import { evidenceOf, type HttpRequest, type HttpResponse } from './http/request.ts';
import { pageLanguage } from './http/words.ts';
import { confirmHappening, readConfirmSubject, waitingOf, wordingsOf } from './lead/confirm-link.ts';
import type { Asked } from './lead/consent.ts';
import type { Instant } from './lead/event.ts';
import type { Lead } from './lead/lead.ts';

export const handler = recipientPage('a confirmation did not go through', answerTo);

async function answerTo(request: HttpRequest, at: Instant): Promise<HttpResponse> {
  const accept = request.headers['accept-language'];
  const verified = await verify(request.params.token ?? '', 'confirm', at);
  const isOld = !verified.ok && verified.why === 'expired';
  if (!verified.ok && !isOld) return badLinkPage(pageLanguage([], accept), verified.why === 'cut' ? 'cut' : 'other');
  const { leadId, asked } = readConfirmSubject(verified.subject);
  const lead = await loadLead(leadId);
  const language = pageLanguage([lead?.language], accept);
  const waiting = lead ? waitingOf(lead, asked) : [];
  // Pressed twice, or opened again: what stands is said.
  if (lead && waiting.length === 0 && isConfirmed(lead, asked)) return donePage(language, at);
  if (!lead || isOld || waiting.length === 0)
    return badLinkPage(language, 'other', recipientWords(language).confirmOldText);
  return request.method === 'POST'
    ? confirm({ request, lead, waiting, language }, at)
    : askPage(lead, waiting, language, at);
}

const isConfirmed = ({ consents }: Lead, asked: Asked[]): boolean =>
  asked.every(({ purpose, at }) => {
    const state = Object.hasOwn(consents, purpose) ? consents[purpose] : undefined;
    return state?.state === 'granted' && state.at >= at;
  });

interface Confirming {
  request: HttpRequest;
  lead: Lead;
  waiting: Asked[];
  language: string;
}

async function confirm({ request, lead, waiting, language }: Confirming, at: Instant): Promise<HttpResponse> {
  const happening = confirmHappening(waiting, await readLog(lead.id), at);
  const { kind } = await act({ leadId: lead.id }, [happening], { at, evidence: evidenceOf(request), patient: true });
  log.info('confirmed', { leadId: lead.id, outcome: kind });
  return donePage(language, at);
}

async function askPage(lead: Lead, waiting: Asked[], language: string, at: Instant): Promise<HttpResponse> {
  const [{ settings }, events] = await Promise.all([currentRules(at), readLog(lead.id)]);
  const words = recipientWords(language);
  const wordings = wordingsOf(waiting, events);
  const content = html`<p>${filled(words.confirmText, { company: settings.name })}</p>
${wordings.length > 0 ? html`<p>${words.confirmAgreed}</p>` : ''}
${wordings.map(({ text, language: of }) => html`<blockquote${of ? html` lang="${of}"` : ''}>${text}</blockquote>`)}
${buttonForm(words.confirmButton)}`;
  return page({ language, title: words.confirmTitle, content });
}

async function donePage(language: string, at: Instant): Promise<HttpResponse> {
  const { settings } = await currentRules(at);
  const words = recipientWords(language);
  const content = html`<p>${filled(words.confirmedText, { company: settings.name })}</p>`;
  return page({ language, title: words.confirmedTitle, content });
}
