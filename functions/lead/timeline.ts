/** All that happened to a lead and all that was done, in order, each in a sentence. */
import type { CONVERSIONS } from '../definition/form.ts';
import { stoppingWords } from './bounce.ts';
import type { Actor, Change, Instant, LeadEvent } from './event.ts';
import { wordsOfName } from './form-values.ts';
import type { Enrolment, Handoff, Send } from './lead.ts';

export type TimelineItem = { at: Instant; text: string } & (
  | { kind: 'event'; id: string; type: string; actor: Actor; data: LeadEvent['data']; superseded?: true }
  | { kind: 'stage'; from?: string; to: string; why?: string; eventId: string }
  | { kind: 'change'; what: Change['what']; name: string; eventId: string }
  | { kind: 'send'; id: string; email: string; status: Send['status']; workflow?: string; deliveredAt?: Instant }
  | { kind: 'enrolment'; id: string; workflow: string; what: 'started' | 'held' | 'ended'; reason?: string }
  | { kind: 'handoff'; id: string; what: 'opened' | 'answered'; assignee?: string; answer?: string }
  | { kind: 'pending'; why: string }
);

export interface History {
  events: readonly LeadEvent[];
  sends: readonly Send[];
  enrolments: readonly Enrolment[];
  handoffs: readonly Handoff[];
  /** Acts that are stored and not judged yet. */
  pending: readonly PendingAct[];
}

interface PendingAct {
  at: Instant;
  why: string;
  /** A click that is judged when its hold is over. */
  held?: object;
  happenings: readonly { type: string; at: Instant; data: LeadEvent['data'] }[];
}

/** Oldest first. What an event caused stands after it. */
export const timelineOf = (history: History): TimelineItem[] => {
  const told = new Set(history.events.filter(({ answered }) => answered).map(({ id }) => id));
  const items = [
    ...history.events.flatMap(ofEvent),
    ...history.sends.map(ofSend),
    ...history.enrolments.flatMap(ofEnrolment),
    ...history.handoffs.flatMap((handoff) => ofHandoff(handoff, told)),
    ...history.pending.map(ofPending),
  ];
  return items.sort((a, b) =>
    a.at < b.at ? -1 : a.at > b.at ? 1 : RANK[a.kind] - RANK[b.kind] || place(a) - place(b),
  );
};

/** Of the same instant: what happened, then what it led to. */
const RANK: Record<TimelineItem['kind'], number> = {
  event: 0,
  pending: 1,
  change: 2,
  stage: 3,
  enrolment: 4,
  handoff: 5,
  send: 6,
};
/** A post comes before what it is: the download, the request. */
const place = (item: TimelineItem): number => (item.kind === 'event' && item.type === 'form.submitted' ? 0 : 1);

const ofEvent = (event: LeadEvent): TimelineItem[] => {
  const { id, type, at, actor, data, superseded } = event;
  const item = { at, kind: 'event', id, type, actor, data, text: eventText(event) } as const;
  return [superseded ? { ...item, superseded } : item, ...event.changes.flatMap((change) => ofChange(event, change))];
};

/** Enrolments and handoffs tell of themselves. */
const ofChange = ({ id, recordedAt }: LeadEvent, change: Change): TimelineItem[] => {
  const { what, name, from, to, why } = change;
  if (what === 'enrolment' || what === 'handoff') return [];
  const because = why ? `: ${why}` : '';
  if (what !== 'stage') {
    const text = `${WHAT[what]} ${name}${to ? `: ${to}` : ''}${because}`;
    return [{ at: recordedAt, kind: 'change', what, name, eventId: id, text }];
  }
  const text = `${from ? `From ${from} to` : 'To'} ${to ?? name}${because}`;
  return [
    { at: recordedAt, kind: 'stage', to: to ?? name, eventId: id, text, ...(from && { from }), ...(why && { why }) },
  ];
};

const WHAT = { consent: 'Consent', suppressed: 'No mail any more:' } as const;

const ACTORS: Partial<Record<Actor, string>> = {
  machine: 'a machine',
  proxy: 'a mail proxy',
  suspect: 'nobody knows whether a person',
};

type Converted = Exclude<(typeof CONVERSIONS)[keyof typeof CONVERSIONS], 'asset.downloaded'>;

/** What a form may be sent for, beside an asset; a product may tell of it too, with properties of its own. */
const CONVERTED: Record<Converted, string> = {
  'quote.requested': 'Asked for a quote',
  'demo.requested': 'Asked for a demo',
  'meeting.booked': 'Booked a meeting',
  'contact.requested': 'Asked to be contacted',
  'trial.started': 'Started a trial',
  'newsletter.subscribed': 'Subscribed to the newsletter',
  'webinar.registered': 'Registered for a webinar',
  'survey.submitted': 'Answered a survey',
  'coupon.requested': 'Asked for a coupon',
};

/** Sentences for our own events; `{…}` is a property of the event. Any other event is told by its type. */
const SENTENCES: Record<string, string> = {
  'form.submitted': 'Sent the form {form}',
  'page.viewed': 'Viewed {page}',
  'asset.downloaded': 'Asked for {asset}',
  'email.opened': 'Opened the mail {email}',
  'email.clicked': 'Clicked in the mail {email}: {link}',
  'email.rejected': 'SES did not take the mail {email}: {reason}',
  'email.delayed': 'The mail {email} is delayed: {reason}',
  'email.failed': 'The mail {email} could not be made',
  'email.unsubscribed': 'Unsubscribed',
  'consent.granted': 'Asked for mail again',
  'consent.confirmed': 'Confirmed by the link in the mail',
  'consent.withdrawn': 'Said no to mail, before the data were erased',
  'consent.lapsed': 'Nobody confirmed the consent in time',
  'preferences.changed': 'Changed the preferences',
  'handoff.accepted': 'Sales accepted',
  'handoff.rejected': 'Sales said no: {reason}',
  'handoff.won': 'Won',
  'handoff.lost': 'Lost',
  'traffic.judged': 'What was done on the mail {email} was judged anew',
  'clock.struck': 'Time passed',
  'lead.corrected': 'Corrected by hand',
  'stage.set': 'Set to {stage} by hand',
  'enrolment.called': 'The workflow {by} called for {workflow}',
  'enrolment.stopped': 'Stopped {workflow} by hand',
  'lead.rescored': 'Folded anew under another scoring',
  'lead.merged': 'Took over all that happened to {from}',
  'lead.merged-away': 'Went over into {into}',
  'lead.imported': 'Came with an imported list: {list}',
  'lead.noted': 'The workflow {workflow} noted: {what}',
};

/** Who of the own people did it, and why; who of sales answered, and the note. */
const byWhom = ({ by, answered }: LeadEvent): string => {
  const who = by?.who ?? answered?.by;
  const words = by?.why ?? answered?.note;
  return who ? ` (${who}${words ? `: ${words}` : ''})` : '';
};

const eventText = (event: LeadEvent): string => {
  const { type, data, superseded } = event;
  // What a provider tells of a mail is a fact, whoever tells it.
  const fact = stoppingWords({ type, data });
  if (fact !== undefined) return fact;
  const told = sentenceOf(event);
  return `${told}${byWhom(event)}${actorWords(event)}${superseded ? ' (corrected since)' : ''}`;
};

const sentenceOf = (event: Pick<LeadEvent, 'type' | 'data' | 'fields' | 'clears'>): string => {
  const { type, data } = event;
  if (type === 'lead.corrected') return [SENTENCES[type], ...correctedFields(event)].join(': ');
  const sentence = SENTENCES[type];
  if (sentence !== undefined) return filled(sentence, data);
  const { form: _, conversion: __, ...more } = data;
  if (isConverted(type)) return withProperties(CONVERTED[type], more);
  const words = type.replace('.', ' ').replaceAll('-', ' ');
  return withProperties(words.charAt(0).toUpperCase() + words.slice(1), data);
};

const isConverted = (type: string): type is Converted => Object.hasOwn(CONVERTED, type);

/** Which fields, and which are not known after all; never what they said. */
const correctedFields = ({ fields = {}, clears = [] }: Pick<LeadEvent, 'fields' | 'clears'>): string[] => {
  const names = (list: string[]) => list.map(wordsOfName).join(', ');
  const set = Object.keys(fields);
  const parts = [set.length > 0 ? names(set) : '', clears.length > 0 ? `taken away: ${names(clears)}` : ''];
  const told = parts.filter(Boolean).join('; ');
  return told ? [told] : [];
};

/** Whose act it was, where it was no person's, and why that is thought. */
const actorWords = ({ actor, reasons = [] }: LeadEvent): string => {
  const words = ACTORS[actor];
  if (words === undefined) return '';
  const why = reasons.length > 0 ? `; ${reasons.join(', ')}` : '';
  return ` (${words}: does not count${why})`;
};

const withProperties = (words: string, data: LeadEvent['data']): string => {
  const properties = Object.entries(data).map(([name, value]) => `${name} ${value}`);
  return properties.length > 0 ? `${words}: ${properties.join(', ')}` : words;
};

/** A property that the event lacks leaves no trace. */
const filled = (sentence: string, data: LeadEvent['data']): string =>
  sentence
    .replace(/\{(\w+)\}/g, (_, name: string) => (Object.hasOwn(data, name) ? String(data[name]) : ''))
    .replace(/ \(: \)|[: ]+$|(?<=\()[: ]+/g, '');

const SEND_WORDS: Record<Send['status'], string> = {
  claimed: 'is being sent',
  sent: 'was sent',
  unknown: 'may have been sent: nobody knows, and it is not sent again',
  refused: 'was not sent',
  held: 'is held',
  skipped: 'was skipped',
};

const ofSend = (send: Send): TimelineItem => {
  const { id, at, email, status, workflow, deliveredAt, subject, why, purpose } = send;
  if (purpose === 'webhook' || (purpose === 'handoff' && email.startsWith('webhook-'))) return ofCall(send);
  const what = `The mail ${email}${purpose === 'handoff' ? ' to sales' : ''}${subject ? ` “${subject}”` : ''}`;
  const reason = why && status !== 'sent' && status !== 'unknown' ? `: ${why}` : '';
  const text = `${what} ${SEND_WORDS[status]}${reason}${deliveredAt ? ' and has arrived' : ''}`;
  return {
    at,
    kind: 'send',
    id,
    email,
    status,
    text,
    ...(workflow && { workflow }),
    ...(deliveredAt && { deliveredAt }),
  };
};

const ofCall = ({ id, at, email, status, workflow, why }: Send): TimelineItem => {
  const name = email.replace(/^webhook-/, '');
  const text = status === 'sent' ? `Told the webhook ${name}` : `The webhook ${name} was not told: ${why ?? status}`;
  return { at, kind: 'send', id, email, status, text, ...(workflow && { workflow }) };
};

/** Why an enrolment ended, where the reason's own word says too little. */
const ENDED: Record<string, string> = {
  bounced: 'the address takes no mail',
  complained: 'complained about a mail',
};

const ofEnrolment = ({ id, workflow, startedAt, endedAt, reason, status, putOff, step }: Enrolment): TimelineItem[] => {
  const own = { kind: 'enrolment', id, workflow } as const;
  const started = { ...own, at: startedAt, what: 'started', text: `Entered the workflow ${workflow}` } as const;
  if (!endedAt && putOff && (status === 'held' || status === 'paused')) {
    const why = putOff.why ?? status;
    const told = `The step ${step} of the workflow ${workflow} waits: ${why}`;
    return [started, { ...own, at: putOff.since, what: 'held', text: told, reason: why }];
  }
  if (!endedAt) return [started];
  const text = `Left the workflow ${workflow}${reason ? `: ${ENDED[reason] ?? reason}` : ''}`;
  return [started, { ...own, at: endedAt, what: 'ended', text, ...(reason && { reason }) }];
};

/** @param told the answers that an event tells of, by its id. */
const ofHandoff = ({ id, openedAt, reason, assignee, answer }: Handoff, told: Set<string>): TimelineItem[] => {
  const own = { kind: 'handoff', id, ...(assignee && { assignee }) } as const;
  const opened = {
    ...own,
    at: openedAt,
    what: 'opened',
    text: `Handed to sales${assignee ? ` (${assignee})` : ''}: ${reason}`,
  } as const;
  if (!answer || told.has(answer.eventId)) return [opened];
  const text = `${answer.by} answered: ${answer.answer}${answer.note ? ` (${answer.note})` : ''}`;
  return [opened, { ...own, at: answer.at, what: 'answered', answer: answer.answer, text }];
};

const ofPending = ({ at, why, held, happenings }: PendingAct): TimelineItem => {
  const [first] = happenings;
  if (held && first) {
    return { at: first.at, kind: 'pending', why, text: `${sentenceOf(first)} (under judgement: ${why})` };
  }
  const text = `Stored and not judged yet: ${happenings.map(({ type }) => type).join(', ')} (${why})`;
  return { at, kind: 'pending', why, text };
};
