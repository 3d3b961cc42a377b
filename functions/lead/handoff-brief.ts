/**
 * What sales is told about a lead, and why it is told now: five boxes (conversion, who, problem, behaviour, source),
 * the score point by point, what was read, what to ask next, until when to answer, and how. Pure data; `brief-mail`
 * makes the mail of it.
 */
import type { Rules } from '../definition/definition.ts';
import { CONVERSIONS } from '../definition/form.ts';
import type { Instant, LeadEvent, Source } from './event.ts';
import type { Handoff, Lead } from './lead.ts';

export interface BriefPoints {
  value: number;
  contributions: readonly { rule: string; points: number }[];
}

/** Why this mail goes out now. */
export type BriefOccasion = 'new' | 'changed' | 'reminder' | 'escalation';

export interface BriefFacts {
  occasion: BriefOccasion;
  lead: Lead;
  handoff: Handoff;
  now: Instant;
  rules: Pick<Rules, 'scoring' | 'settings' | 'handoff'>;
  grade: string;
  fit: BriefPoints;
  engagement: BriefPoints;
  /** The newest events of the lead, in any order. */
  events: readonly LeadEvent[];
  /** One link per answer, and the page with all of them. */
  answers: { answer: string; url: string }[];
  page: string;
}

export interface Box {
  title: string;
  lines: string[];
}

export interface Brief {
  subject: string;
  /** What happened and what is asked, one sentence each. */
  opening: string[];
  boxes: Box[];
  score: Box[];
  read: string[];
  questions: string[];
  answers: { label: string; url: string }[];
  page: string;
  contact: { name: string; email: string; phone?: string };
}

const UNKNOWN = 'not known';

/** The brief of one handoff. */
export function handoffBrief(facts: BriefFacts): Brief {
  const { lead } = facts;
  const phone = textOf(lead, 'phone');
  return {
    subject: subjectOf(facts),
    opening: [...openingOf(facts), ...dueOf(facts)],
    boxes: [
      { title: 'Conversion', lines: conversionOf(facts.events) },
      { title: 'Who', lines: whoIs(facts) },
      { title: 'Problem', lines: [textOf(lead, 'problem') ?? UNKNOWN] },
      { title: 'Behaviour', lines: behaviourOf(facts.events) },
      { title: 'Source', lines: sourceOf(lead) },
    ],
    score: [
      { title: `Fit ${facts.fit.value} (grade ${facts.grade})`, lines: pointsOf(facts.fit) },
      { title: `Engagement ${facts.engagement.value}`, lines: pointsOf(facts.engagement) },
    ],
    read: whatWasRead(facts.events),
    questions: nextQuestions(facts),
    answers: facts.answers.map(({ answer, url }) => ({ label: answerLabel(answer), url })),
    page: facts.page,
    contact: { name: textOf(lead, 'name') ?? '', email: lead.email.deliverTo, ...(phone ? { phone } : {}) },
  };
}

/** `not-ready` as a person reads it: "Not ready". */
export const answerLabel = (answer: string): string => {
  const words = answer.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const PREFIX: Record<BriefOccasion, string> = {
  new: '',
  changed: 'Now more urgent: ',
  reminder: 'Reminder: ',
  escalation: 'Nobody answered: ',
};

function subjectOf({ occasion, lead, handoff }: BriefFacts): string {
  const who = [textOf(lead, 'name') ?? lead.email.deliverTo, textOf(lead, 'company')].filter(Boolean).join(', ');
  return `${PREFIX[occasion]}${who}: ${handoff.reason}`;
}

function openingOf({ occasion, handoff }: BriefFacts): string[] {
  const ready = handoff.handRaise
    ? `This lead asks for you (${handoff.reason}).`
    : `This lead is ready for sales (${handoff.reason}).`;
  const consent = handoff.noMarketingMail ? ['They take no marketing mail: only personal contact.'] : [];
  const said: Record<BriefOccasion, string> = {
    new: ready,
    changed: `${ready} You have this lead already; there is a new reason to be quick.`,
    reminder: `${ready} It still waits for your answer.`,
    escalation: `${ready} ${handoff.assignee ?? 'The assignee'} did not answer in time.`,
  };
  return [said[occasion], ...consent];
}

/** Until when an answer is asked for, or since when it is overdue. */
function dueOf({ handoff: { status, dueAt }, rules, now }: BriefFacts): string[] {
  if (status !== 'pending' || !dueAt) return [];
  const due = dueText(dueAt, rules.handoff.answer.hours.zone);
  return [dueAt <= now ? `The answer is overdue since ${due}.` : `Please answer by ${due}.`];
}

/** An instant as wall-clock time in the zone of the sales hours. */
export function dueText(at: Instant, timeZone: string): string {
  const style = { dateStyle: 'full', timeStyle: 'short', hourCycle: 'h23', timeZone } as const;
  return `${new Intl.DateTimeFormat('en-GB', style).format(new Date(at))} (${timeZone})`;
}

function textOf(lead: Lead, field: string): string | undefined {
  const value = lead.fields[field];
  return value === undefined || value === '' ? undefined : String(value);
}

const newestFirst = (events: readonly LeadEvent[]): LeadEvent[] =>
  events.filter((e) => !e.superseded).toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));

const CONVERTING = new Set<string>(Object.values(CONVERSIONS));

function conversionOf(events: readonly LeadEvent[]): string[] {
  const found = newestFirst(events).filter((e) => CONVERTING.has(e.type));
  return found.length ? found.slice(0, 5).map((e) => `${e.at.slice(0, 10)} ${eventText(e)}`) : [UNKNOWN];
}

/** `asset.downloaded` about a guide: "asset downloaded: cash-flow-guide". */
function eventText(event: LeadEvent): string {
  const about = ['asset', 'email', 'form', 'page', 'category'].map((key) => event.data[key]).find(Boolean);
  return event.type.replace('.', ' ').replaceAll('-', ' ') + (about === undefined ? '' : `: ${about}`);
}

function whoIs({ lead, rules }: BriefFacts): string[] {
  const names = ['name', 'jobTitle', 'company', ...Object.keys(rules.scoring.fields), ...Object.keys(lead.fields)];
  const known = [...new Set(names)].filter((field) => field !== 'problem' && field !== 'email');
  const lines = known.flatMap((field) => {
    const value = textOf(lead, field);
    return value === undefined ? [] : [`${fieldLabel(field)}: ${value}`];
  });
  return [`email: ${lead.email.deliverTo}`, ...lines];
}

/** `companySize` as a person reads it: "company size". */
const fieldLabel = (field: string): string => field.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();

const DONE = /^(page|email|asset|webinar|trial|form)\.|\.(viewed|clicked|attended|requested)$/;

function behaviourOf(events: readonly LeadEvent[]): string[] {
  const counts = new Map<string, number>();
  for (const event of newestFirst(events)) {
    if (event.actor !== 'human' || !DONE.test(event.type)) continue;
    const text = event.type.replace('.', ' ').replaceAll('-', ' ');
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts.size ? [...counts].map(([text, count]) => `${count} × ${text}`) : [UNKNOWN];
}

function sourceOf({ source }: Lead): string[] {
  const lines = [];
  if (source.first) lines.push(`first: ${touch(source.first)}`);
  if (source.last) lines.push(`last: ${touch(source.last)}`);
  return lines.length ? lines : [UNKNOWN];
}

const touch = ({ channel, utm = {}, referrer, page }: Source): string =>
  [channel, utm.source, utm.medium, utm.campaign, referrer, page].filter(Boolean).join(' · ') || UNKNOWN;

const signed = (points: number): string => (points > 0 ? `+${points}` : `${points}`.replace('-', '−'));

function pointsOf({ contributions }: BriefPoints): string[] {
  const shown = contributions.filter((c) => c.points !== 0);
  return shown.length ? shown.map((c) => `${signed(c.points)} ${c.rule}`) : ['no points'];
}

/** The content that a human took, newest first, each once. */
function whatWasRead(events: readonly LeadEvent[]): string[] {
  const taken = newestFirst(events).filter(
    (e) => e.actor === 'human' && /^(asset\.downloaded|email\.clicked|webinar\.|page\.viewed)/.test(e.type),
  );
  return [...new Set(taken.map(eventText))].slice(0, 12);
}

/** What nobody has answered yet, the fields of sales first. */
function nextQuestions({ lead, rules }: BriefFacts): string[] {
  return Object.entries(rules.scoring.fields)
    .filter(([field]) => lead.fields[field] === undefined)
    .toSorted(([, a], [, b]) => Number(a.known === 'at-capture') - Number(b.known === 'at-capture'))
    .map(([field, type]) => `${fieldLabel(field)}?${type.type === 'choice' ? ` (${type.of.join(', ')})` : ''}`);
}
