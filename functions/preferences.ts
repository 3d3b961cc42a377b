/**
 * `GET /preferences/{token}`: what a recipient gets and may choose; changes nothing. `POST`: saves a choice, ends all
 * marketing mail, asks for it again (which a mail has to confirm), or forgets the person (which asks once more).
 */
import { createHash } from 'node:crypto';
import { act } from './adapters/act.ts';
import { currentRules } from './adapters/definitions.ts';
import { eraseLead } from './adapters/erase.ts';
import { loadLead } from './adapters/leads.ts';
import { judgeAnew } from './adapters/next-run.ts';
import { noteOwnPage } from './adapters/own-pages.ts';
import { verify } from './adapters/tokens.ts';
import { isUnsubscribed, unsubscribe } from './adapters/unsubscribing.ts';
import type { Settings } from './definition/settings.ts';
import { readBody } from './http/body.ts';
import { log } from './http/log.ts';
import { badLinkPage, messagePage } from './http/page.ts';
import { ACTIONS, type Action, preferencesPage, surePage } from './http/preferences-page.ts';
import { recipientPage } from './http/recipient-page.ts';
import { filled, recipientWords } from './http/recipient-words.ts';
import { evidenceOf, type HttpRequest, type HttpResponse } from './http/request.ts';
import { pageLanguage, wordsIn } from './http/words.ts';
import { choiceHappening, isOffered, readChoice } from './lead/choice.ts';
import type { Happening, Instant } from './lead/event.ts';
import type { Lead } from './lead/lead.ts';
import { letsMore } from './lead/sending.ts';
import { MARKETING } from './lead/suppression.ts';

export const handler = recipientPage('preferences could not be shown or kept', answerTo);

interface Asking {
  request: HttpRequest;
  lead: Lead;
  settings: Settings;
  language: string;
  at: Instant;
}

async function answerTo(request: HttpRequest, at: Instant): Promise<HttpResponse> {
  const accept = request.headers['accept-language'];
  const verified = await verify(request.params.token ?? '', 'preferences', at);
  const lead = verified.ok ? await loadLead(verified.subject) : undefined;
  // The same page for a forged link and for a person who was forgotten: it does not tell that there was one.
  if (!lead) return badLinkPage(pageLanguage([], accept), !verified.ok && verified.why === 'cut' ? 'cut' : 'other');
  if (request.method !== 'POST') await noteOwnPage(lead.id, 'preferences', evidenceOf(request), at);
  const { settings } = await currentRules(at);
  const asking = { request, lead, settings, language: pageLanguage([lead.language], accept), at };
  return request.method === 'POST' ? post(asking) : show(asking);
}

const show = ({ lead, settings, language, at }: Asking, notice?: string, status = 200): HttpResponse =>
  preferencesPage({ lead, settings, language, now: at, status, ...(notice && { notice }) });

/** The person as it stands now, in the language that may have been chosen. */
async function showAgain(asking: Asking, noticeOf: (words: ReturnType<typeof recipientWords>) => string) {
  const lead = (await loadLead(asking.lead.id)) ?? asking.lead;
  const language = pageLanguage([lead.language], asking.request.headers['accept-language']);
  return show({ ...asking, lead, language }, noticeOf(recipientWords(language)));
}

const EMPTY = { ok: true, fields: {} as Record<string, string[]> } as const;

async function post(asking: Asking): Promise<HttpResponse> {
  const { request, lead, settings, language, at } = asking;
  const body = request.body.length === 0 ? EMPTY : await readBody(request);
  if (!body.ok) return messagePage(language, wordsIn(language).refusedTitle, wordsIn(language).unreadText, body.status);
  switch (actionIn(body.fields)) {
    case 'save':
      return save(asking, body.fields);
    case 'stop':
      if (!isUnsubscribed(lead)) {
        const said = { method: 'preferences', evidence: evidenceOf(request) } as const;
        log.info('unsubscribed', { leadId: lead.id, outcome: await unsubscribe(lead, said, at) });
      }
      return showAgain(asking, () => wordsIn(language).unsubscribedTitle);
    case 'again':
      return again(asking);
    case 'forget':
      return surePage(language, settings.name);
    case 'sure':
      await eraseLead(lead.id, at, { keepsNo: true });
      log.info('a person was erased', { leadId: lead.id });
      return forgottenPage(language, settings);
    case undefined:
      return show(asking);
  }
}

const actionIn = (fields: Record<string, string[]>): Action | undefined =>
  ACTIONS.find((action) => Object.hasOwn(fields, 'action') && fields.action?.[0] === action);

async function save(asking: Asking, fields: Record<string, string[]>): Promise<HttpResponse> {
  const { request, lead, settings, language, at } = asking;
  if (!isOffered(fields, settings)) return show(asking, recipientWords(language).notOffered, 422);
  const happening = choiceHappening(lead, readChoice(fields, settings, at), at);
  if (happening) {
    const outcome = await act({ leadId: lead.id }, [happening], { at, evidence: evidenceOf(request), patient: true });
    log.info('preferences were changed', { leadId: lead.id, outcome: outcome.kind });
    const sooner = outcome.kind === 'applied' && letsMore(lead.preferences, outcome.lead.preferences);
    if (sooner) await judgeAnew(lead.id, at);
  }
  return showAgain(asking, (words) => words.saved);
}

/** A link may be forwarded: mail comes again only once the mailbox has confirmed. One mail an hour, however often pressed. */
async function again(asking: Asking): Promise<HttpResponse> {
  const { request, lead, settings, language, at } = asking;
  if (lead.suppressed || (lead.consents[MARKETING]?.state === 'granted' && !lead.stopped)) return show(asking);
  const text = filled(recipientWords(language).againWording, { company: settings.name });
  const textHash = createHash('sha256').update(text).digest('hex');
  const happening: Happening = {
    key: `again:${at.slice(0, 13)}`,
    type: 'consent.granted',
    at,
    actor: 'human',
    data: {},
    consent: [
      { purpose: MARKETING, action: 'granted', method: 'preferences', doubleOptIn: true, language, text, textHash },
    ],
  };
  const { kind } = await act({ leadId: lead.id }, [happening], { at, evidence: evidenceOf(request), patient: true });
  log.info('asked for mail again', { leadId: lead.id, outcome: kind });
  return showAgain(asking, (words) => words.waits);
}

function forgottenPage(language: string, settings: Settings): HttpResponse {
  const words = recipientWords(language);
  return messagePage(language, words.forgottenTitle, filled(words.forgottenText, { company: settings.name }));
}
