/** What a link that confirms is about: a lead, and each consent that waited when the mail was made, since when. */
import { type Asked, stillWaits } from './consent.ts';
import type { ConsentAct, Happening, Instant, LeadEvent } from './event.ts';
import type { Lead } from './lead.ts';

/** A token holds no more than 200 characters. */
const MOST = 200;
const PURPOSE = /^[A-Za-z0-9_-]+$/;

/** `<lead>:<purpose>.<ms>:…`, the milliseconds in base 36: the subject of a token. */
export const confirmSubject = (leadId: string, asked: readonly Asked[]): string =>
  asked
    .filter(({ purpose }) => PURPOSE.test(purpose))
    .reduce((subject, { purpose, at }) => {
      const longer = `${subject}:${purpose}.${Date.parse(at).toString(36)}`;
      return longer.length > MOST ? subject : longer;
    }, leadId);

/** Reads a subject. */
export const readConfirmSubject = (subject: string): { leadId: string; asked: Asked[] } => {
  const [leadId = '', ...parts] = subject.split(':');
  const asked = parts.flatMap((part) => {
    const [, purpose, ms] = /^([A-Za-z0-9_-]+)\.([0-9a-z]{1,11})$/.exec(part) ?? [];
    return purpose && ms ? [{ purpose, at: new Date(Number.parseInt(ms, 36)).toISOString() }] : [];
  });
  return { leadId, asked };
};

/** The last tick for that consent: what was shown and agreed to, which the confirmation repeats. */
const tickFor = (purpose: string, log: readonly LeadEvent[]): ConsentAct | undefined =>
  log.flatMap(({ consent = [] }) => consent).findLast((act) => act.purpose === purpose && act.action === 'granted');

/** The wordings that wait for a confirmation, each with its language. */
export const wordingsOf = (asked: readonly Asked[], log: readonly LeadEvent[]): { text: string; language?: string }[] =>
  asked.flatMap(({ purpose }) => {
    const { text, language } = tickFor(purpose, log) ?? {};
    return text === undefined ? [] : [{ text, ...(language && { language }) }];
  });

/** Those of a link that still wait. */
export const waitingOf = ({ consents }: Pick<Lead, 'consents'>, asked: readonly Asked[]): Asked[] =>
  asked.filter((one) => stillWaits(consents, one));

/** Clocks stand still for a millisecond: in the log a confirmation comes after what it confirms. */
const afterAll = (asked: readonly Asked[], at: Instant): Instant => {
  const last = asked.reduce((latest, one) => (one.at > latest ? one.at : latest), '');
  return at > last ? at : new Date(Date.parse(last) + 1).toISOString();
};

/** The act of whoever pressed the button. The same link confirms once. */
export const confirmHappening = (asked: readonly Asked[], log: readonly LeadEvent[], at: Instant): Happening => ({
  key: `confirm:${asked.map(({ purpose, at: since }) => `${purpose}@${since}`).join('+')}`,
  type: 'consent.confirmed',
  at: afterAll(asked, at),
  actor: 'human',
  data: {},
  consent: asked.map(({ purpose, at: since }): ConsentAct => {
    const { form, language, text, textHash, frequency } = tickFor(purpose, log) ?? {};
    const shown = { form, language, text, textHash, frequency };
    const known = Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined));
    return { ...known, purpose, action: 'confirmed', method: 'confirm-link', asked: since };
  }),
});
