/** The page on which a recipient chooses: what, how often, in which language; a pause, no mail, to be forgotten. */
import { html } from 'hono/html';
import type { Settings } from '../definition/settings.ts';
import type { Lead } from '../lead/lead.ts';
import { isPausedAt } from '../lead/preferences.ts';
import { MARKETING } from '../lead/suppression.ts';
import { zoneOf } from '../lead/zone.ts';
import { page } from './page.ts';
import { dayText, filled, type RecipientWords, recipientWords } from './recipient-words.ts';
import type { HttpResponse } from './request.ts';

type Html = ReturnType<typeof html>;

/** What `action` a post of the page may carry. */
export const ACTIONS = ['save', 'stop', 'again', 'forget', 'sure'] as const;
export type Action = (typeof ACTIONS)[number];

/** Mails a week that one may ask for, in place of what was agreed. */
export const FREQUENCIES = [1, 2] as const;
export const PAUSE_DAYS = [30, 90] as const;

export interface PreferencesPage {
  lead: Lead;
  settings: Settings;
  language: string;
  now: string;
  /** What has just been done. */
  notice?: string;
  status?: number;
}

interface View extends PreferencesPage {
  words: RecipientWords;
  /** Words with the company, and whatever else, put in. */
  said: (words: string, values?: Record<string, string>) => string;
}

export function preferencesPage(of: PreferencesPage): HttpResponse {
  const words = recipientWords(of.language);
  const said = (text: string, values = {}) => filled(text, { company: of.settings.name, ...values });
  const view: View = { ...of, words, said };
  const content = html`${of.notice ? html`<p role="status"><strong>${of.notice}</strong></p>` : ''}
<p>${said(standing(of, words))}</p>
${choices(view)}
${isOn(of.lead) ? stopForm(view) : againForm(view)}
${section(words.forgetTitle, words.forgetText, 'forget', words.forgetButton)}`;
  return page({ language: of.language, title: said(words.preferencesTitle), content, status: of.status ?? 200 });
}

const stateOf = ({ consents, stopped }: Lead): 'granted' | 'pending' | 'none' => {
  const { state } = consents[MARKETING] ?? {};
  if (state === 'pending') return 'pending';
  return state === 'granted' && !stopped ? 'granted' : 'none';
};

const isOn = (lead: Lead): boolean => stateOf(lead) !== 'none';

function standing({ lead, settings }: PreferencesPage, words: RecipientWords): string {
  if (lead.suppressed) return words.getsNever;
  const topics = Object.keys(settings.topics);
  const off = lead.preferences?.topicsOff ?? [];
  const noTopic = topics.length > 0 && topics.every((name) => off.includes(name));
  if (noTopic && stateOf(lead) === 'granted') return words.getsNoTopic;
  return { granted: words.getsMail, pending: words.waits, none: words.getsNone }[stateOf(lead)];
}

const choices = (view: View): Html => html`<form method="post">
${topics(view)}${frequency(view)}${pauses(view)}${languages(view)}
<p><button type="submit" name="action" value="save">${view.words.save}</button></p>
</form>`;

interface Choice {
  value: string;
  label: string;
  chosen: boolean;
  lang?: string;
}

const group = (legend: string, name: string, type: 'checkbox' | 'radio', of: Choice[]): Html => html`<fieldset>
<legend>${legend}</legend>
${of.map(({ value, label, chosen, lang }) => html`<label class="choice"${lang ? html` lang="${lang}"` : ''}><input type="${type}" name="${name}" value="${value}"${chosen ? html` checked` : ''}> ${label}</label>`)}
</fieldset>`;

function topics({ settings, lead, language, words }: View): Html | string {
  const entries = Object.entries(settings.topics);
  if (entries.length === 0) return '';
  const off = lead.preferences?.topicsOff ?? [];
  const title = (titles: Record<string, string>, name: string) =>
    titles[language] ?? titles[settings.languages[0] ?? ''] ?? Object.values(titles)[0] ?? name;
  const of = entries.map(([name, titles]) => ({
    value: name,
    label: title(titles, name),
    chosen: !off.includes(name),
  }));
  return group(words.topics, 'topic', 'checkbox', of);
}

function frequency({ lead, words, said }: View): Html {
  const agreed = lead.consents[MARKETING]?.frequency?.perWeek;
  const chosen = lead.preferences?.frequency?.perWeek;
  const first = agreed ? said(words.frequencyAgreedWeek, { n: String(agreed) }) : words.frequencyAgreed;
  const fewer = FREQUENCIES.filter((n) => agreed === undefined || n < agreed || n === chosen);
  return group(words.frequency, 'frequency', 'radio', [
    { value: 'agreed', label: first, chosen: chosen === undefined },
    ...fewer.map((n) => ({
      value: String(n),
      label: said(words.frequencyWeek, { n: String(n) }),
      chosen: n === chosen,
    })),
  ]);
}

function pauses({ lead, settings, language, now, words, said }: View): Html {
  const until = lead.preferences?.pausedUntil;
  const paused = isPausedAt(lead.preferences, now);
  const date = until ? dayText(until, language, zoneOf(lead.fields, settings.zone)) : '';
  return group(words.pause, 'pause', 'radio', [
    ...(paused ? [{ value: 'keep', label: said(words.pauseKeep, { date }), chosen: true }] : []),
    { value: 'none', label: words.pauseNone, chosen: !paused },
    ...PAUSE_DAYS.map((n) => ({ value: String(n), label: said(words.pauseDays, { n: String(n) }), chosen: false })),
  ]);
}

function languages({ settings, lead, words }: View): Html | string {
  if (settings.languages.length < 2) return '';
  const own = settings.languages.find((each) => each === lead.language) ?? settings.languages[0];
  const of = settings.languages.map((each) => ({ value: each, label: nameOf(each), chosen: each === own, lang: each }));
  return group(words.language, 'language', 'radio', of);
}

/** A language as its own speakers call it. */
function nameOf(language: string): string {
  const name = new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}

const stopForm = ({ words, said }: View): Html =>
  section(words.stopTitle, said(words.stopText), 'stop', words.stopButton);

/** Nobody can be asked at an address that mail does not reach. */
const againForm = ({ lead, words }: View): Html | string =>
  lead.suppressed ? '' : section(words.againTitle, words.againText, 'again', words.againButton);

const section = (title: string, text: string, action: Action, button: string): Html => html`<section>
<h2>${title}</h2>
<p>${text}</p>
<form method="post" class="quiet"><p><button type="submit" name="action" value="${action}">${button}</button></p></form>
</section>`;

/** Asks once more before all is deleted. */
export function surePage(language: string, company: string): HttpResponse {
  const words = recipientWords(language);
  const content = html`<p>${filled(words.sureText, { company })}</p>
<form method="post"><p><button type="submit" name="action" value="sure">${words.sureButton}</button></p></form>
<p><a href="">${words.sureBack}</a></p>`;
  return page({ language, title: words.sureTitle, content });
}
