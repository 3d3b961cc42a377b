/** One person of a cohort: who it is and what it does, by rates and chance. */
import type { Form } from '../../functions/definition/form.ts';
import type { Scoring } from '../../functions/definition/scoring.ts';
import type { Instant } from '../../functions/lead/event.ts';
import {
  ASKS,
  after,
  answerOf,
  bounceOf,
  clickOn,
  complaintOn,
  confirms,
  eventOf,
  openOf,
  unsubscribes,
  viewOf,
} from './deeds.ts';
import type { Arrived, Deed, Person } from './live.ts';
import { postForm, withRequired } from './posting.ts';
import type { Chance } from './random.ts';
import type { Rates } from './rates.ts';
import type { Simulated } from './run.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface Cohort {
  definition: Simulated;
  form: Form;
  rates: Rates;
  /** What a lead may answer in each field, in shares. */
  answers: Record<string, Record<string, number>>;
}

/** Shares for each field that scoring reads and the form asks: those of the rates, or all choices alike. */
export function answersFor(form: Form, scoring: Scoring, rates: Rates): Cohort['answers'] {
  const shares = Object.entries(form.fields).flatMap(([name, field]): [string, Record<string, number>][] => {
    const given = rates.fields[name];
    if (given) return [[name, given]];
    const known = field.type === 'choice' ? field.of : wordsOf(name, scoring);
    return known.length === 0 ? [] : [[name, Object.fromEntries(known.map((value) => [value, 1]))]];
  });
  return Object.fromEntries(shares);
}

/** The values that scoring gives points for; of words the first of each entry, and one that nobody looks for. */
function wordsOf(field: string, scoring: Scoring): string[] {
  const rules = Object.values(scoring.fit.rules).filter((rule) => rule.field === field);
  return rules.flatMap((rule) =>
    'matches' in rule
      ? [...rule.matches.flatMap(({ words }) => words.slice(0, 1)), 'accountant']
      : Object.keys(rule.points),
  );
}

/** @param end after which nothing is looked at any more. */
export function cohortPerson(cohort: Cohort, nth: number, at: Instant, end: Instant, chance: Chance): Person {
  const { definition, form, rates, answers } = cohort;
  const fields = Object.entries(answers).flatMap(([name, shares]): [string, string][] => {
    const value = chance.pick(shares);
    return value === undefined ? [] : [[name, value]];
  });
  const values = withRequired(form, { ...Object.fromEntries(fields), email: `lead-${nth}@simulated.example` });
  const agrees = chance.happens(rates.agrees);
  const { address, happenings } = postForm(definition.rules, form, values, { agrees, at });
  const unreachable = chance.happens(rates.bounces);
  const willConfirm = chance.happens(rates.confirms);
  return {
    address,
    first: { at, happenings },
    deeds: [...visits(rates, at, end, chance), ...asks(rates, at, end, chance)],
    onMail: (mail) => (unreachable ? [bounceOf(mail, after(mail.at, MINUTE))] : reactions(cohort, mail, chance)),
    onAsked: (purpose, asked, now) =>
      willConfirm && !unreachable ? [confirms(purpose, asked, after(now, chance.delay(20 * MINUTE)))] : [],
    onHandoff: (handoff, now) => {
      const known = Object.entries(rates.answers).filter(([answer]) => definition.rules.handoff.outcomes[answer]);
      const answer = chance.pick(Object.fromEntries(known));
      return answer === undefined
        ? []
        : [answerOf(handoff, answer, after(now, chance.delay(rates.answerHours * HOUR)))];
    },
  };
}

function reactions({ rates, definition }: Cohort, mail: Arrived, chance: Chance): Deed[] {
  if (mail.purpose === 'transactional') return [];
  const opened = after(mail.at, chance.delay(3 * HOUR));
  const deeds: Deed[] = [];
  if (chance.happens(rates.opens)) deeds.push(openOf(mail, opened));
  if (chance.happens(rates.unsubscribes)) deeds.push(unsubscribes(after(opened, 2 * MINUTE)));
  else if (chance.happens(rates.complains)) deeds.push(complaintOn(mail, after(opened, HOUR)));
  if (!chance.happens(rates.clicks)) return deeds;
  const clicked = after(opened, MINUTE);
  deeds.push(clickOn(mail, clicked, definition.rules.settings.clickHold));
  const pages = Math.floor(rates.visitsAfterClick + chance.next());
  for (let page = 0; page < pages; page++) {
    const category = chance.happens(rates.pricingShare) ? 'pricing' : undefined;
    deeds.push(viewOf(category, after(clicked, (page + 1) * MINUTE), page));
  }
  return deeds;
}

/** Instants of a rate a week, until the end. */
function* instants(perWeek: number, from: Instant, end: Instant, chance: Chance): Generator<Instant> {
  if (perWeek <= 0) return;
  for (let at = from; ; ) {
    at = after(at, Math.ceil((-Math.log(1 - chance.next()) / perWeek) * 7 * DAY));
    if (at >= end) return;
    yield at;
  }
}

const visits = (rates: Rates, from: Instant, end: Instant, chance: Chance): Deed[] =>
  [...instants(rates.visitsPerWeek, from, end, chance)].map((at, nth) =>
    viewOf(chance.happens(rates.pricingShare) ? 'pricing' : undefined, at, nth),
  );

/** Once is enough: whoever has asked is talked to. */
function asks(rates: Rates, from: Instant, end: Instant, chance: Chance): Deed[] {
  const [at] = instants(rates.asksForSalesPerWeek, from, end, chance);
  return at === undefined ? [] : [eventOf(ASKS.demo ?? 'demo.requested', at)];
}
