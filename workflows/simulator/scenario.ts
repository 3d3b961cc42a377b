/** One lead by a scenario: who it is, when it comes, and what it does. */
import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';
import { CONVERSIONS, type Form } from '../../functions/definition/form.ts';
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
  formOfEvent,
  openOf,
  replyTo,
  unsubscribes,
  viewOf,
} from './deeds.ts';
import type { Arrived, Deed, Person } from './live.ts';
import { formFor, postForm, withRequired } from './posting.ts';
import type { Run, Simulated } from './run.ts';
import { type Habit, readHabits, type When } from './sentence.ts';

const value = z.union([z.string(), z.number(), z.boolean()]);

/** A scenario file: YAML of this shape. */
export const ScenarioFile = z.strictObject({
  scenario: z.string().optional(),
  /** The form that is sent; without it the one that enrols. */
  form: z.string().optional(),
  fields: z.record(z.string(), value).optional(),
  /** When it is sent: ISO 8601. */
  start: z.string().optional(),
  days: z.number().int().positive().optional(),
  does: z.array(
    z.union(
      [
        z.string(),
        z.strictObject({ event: z.string(), day: z.number(), data: z.record(z.string(), value).optional() }),
      ],
      { error: 'It is a sentence, like `clicks everything on day 2`, or `{ event: webinar.attended, day: 8 }`' },
    ),
  ),
});
export type ScenarioFile = z.infer<typeof ScenarioFile>;

export interface Scenario {
  habits: Habit[];
  form?: string | undefined;
  fields: Record<string, string>;
  start: Instant;
}

/** @throws Error naming what is not understood. */
export function scenarioOf(file: ScenarioFile, start: Instant): Scenario {
  const habits = file.does.flatMap((one): Habit[] =>
    typeof one === 'string'
      ? readHabits(one)
      : [{ does: 'event', event: one.event, when: { on: one.day }, ...(one.data ? { data: one.data } : {}) }],
  );
  const fields = Object.entries(file.fields ?? {}).map(([name, one]) => [name, String(one)]);
  return {
    habits,
    form: file.form,
    fields: Object.fromEntries(fields),
    start: file.start ? instantOf(file.start) : start,
  };
}

/** @throws Error for what is no instant. */
export function instantOf(text: string): Instant {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new Error(`"${text}" is no instant: write it like 2027-03-01T09:00+07:00.`);
  return new Date(ms).toISOString();
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The person of a scenario. @throws Error when it sends a form that does not exist, or does not take what it says. */
export function scenarioPerson(definition: Simulated, scenario: Scenario): Person {
  const { rules } = definition;
  const form = scenario.form === undefined ? formFor(rules) : rules.forms[scenario.form];
  if (!form) {
    const known = Object.keys(rules.forms).join(', ');
    throw new Error(
      scenario.form === undefined
        ? 'The definition has no form to send.'
        : `There is no form ${scenario.form}: ${known}.`,
    );
  }
  const { habits, start } = scenario;
  const agrees = !habits.some(({ does }) => does === 'never-agrees');
  const values = withRequired(form, scenario.fields);
  const { address, happenings } = postForm(rules, form, values, { agrees, at: start });
  const clock = clockOf(start, rules.settings.zone);
  const posting: Posting = { definition, values, clock };
  return {
    address,
    first: { at: start, happenings },
    deeds: habits.flatMap((habit) => plannedDeeds(habit, posting)),
    onMail: (mail, run) => habits.flatMap((habit) => mailDeeds(habit, mail, run, clock)),
    onAsked: (purpose, asked, now) =>
      confirmations(habits, clock).map((at) => confirms(purpose, asked, at < now ? now : at)),
    onHandoff: (handoff, now) =>
      habits.flatMap((habit) =>
        habit.does === 'answered' ? [answerOf(handoff, habit.answer, after(now, habit.hours * HOUR))] : [],
      ),
  };
}

interface Posting {
  definition: Simulated;
  values: Record<string, string>;
  clock: Clock;
}

/** Days counted from the start, in the workspace's zone. */
interface Clock {
  /** The instant of a "when", or undefined where it names no day. `otherwise`: ms after the start of that day's hour. */
  at(when: When, otherwise?: number): Instant | undefined;
  /** The day on which an instant falls; the day of the post is 0. */
  dayOf(at: Instant): number;
}

function clockOf(start: Instant, zone: string): Clock {
  const first = Temporal.Instant.from(start).toZonedDateTimeISO(zone);
  const dayStart = first.toPlainDate();
  return {
    at({ on, from, at }, otherwise = 0) {
      const day = on ?? from;
      if (day === undefined) return undefined;
      if (at === undefined) return after(start, day * DAY + otherwise);
      const local = dayStart
        .add({ days: day })
        .toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(at) });
      return new Date(local.epochMilliseconds).toISOString();
    },
    dayOf: (at) => Temporal.Instant.from(at).toZonedDateTimeISO(zone).toPlainDate().since(dayStart).days,
  };
}

function plannedDeeds(habit: Habit, { definition, values, clock }: Posting): Deed[] {
  switch (habit.does) {
    case 'asks': {
      const at = clock.at(habit.when) ?? clock.at({ on: 1 });
      const type = ASKS[habit.event] ?? habit.event;
      return at === undefined ? [] : [asked(definition, formOfEvent(definition.rules.forms, type), type, values, at)];
    }
    case 'event': {
      const at = clock.at(habit.when) ?? clock.at({ on: 1 });
      return at === undefined ? [] : [eventOf(habit.event, at, habit.data)];
    }
    case 'visits': {
      const at = clock.at(habit.when) ?? clock.at({ on: 1 });
      return at === undefined ? [] : [viewOf(habit.category, at, 0)];
    }
    case 'unsubscribes': {
      const at = clock.at(habit.when);
      return at === undefined ? [] : [unsubscribes(at)];
    }
    default:
      return [];
  }
}

/** Through the form of that conversion where there is one, as on the site. */
function asked(
  definition: Simulated,
  form: Form | undefined,
  type: string,
  values: Record<string, string>,
  at: Instant,
): Deed {
  if (!form || CONVERSIONS[form.conversion] !== type) return eventOf(type, at);
  const known = Object.fromEntries(Object.entries(values).filter(([name]) => form.fields[name] || name === 'email'));
  return {
    at,
    happenings: postForm(definition.rules, form, withRequired(form, known), { agrees: false, at }).happenings,
  };
}

/** When the confirmation is given: ten minutes after the post where nothing is said of it. */
function confirmations(habits: Habit[], clock: Clock): Instant[] {
  if (habits.some(({ does }) => does === 'never-confirms')) return [];
  const said = habits.find((habit) => habit.does === 'confirms');
  const at = said?.does === 'confirms' ? clock.at(said.when) : undefined;
  return [at ?? clock.at({ on: 0 }, HOUR / 6) ?? ''];
}

/** An hour after a mail has come it is read, or when the scenario says. */
function mailDeeds(habit: Habit, mail: Arrived, run: Run, clock: Clock): Deed[] {
  if (habit.does === 'bounces') return [bounceOf(mail, after(mail.at, 60_000))];
  if (habit.does === 'complains' || habit.does === 'unsubscribes') return mailEnds(habit, mail, clock);
  if (habit.does !== 'opens' && habit.does !== 'clicks' && habit.does !== 'replies') return [];
  if (habit.mail !== 'everything' && habit.mail !== mail.email) return [];
  const at = whenRead(habit.when, mail, clock);
  if (at === undefined) return [];
  if (habit.does === 'opens') return [openOf(mail, at)];
  if (habit.does === 'replies') return [replyTo(mail, at)];
  return [clickOn(mail, at, run.definition.rules.settings.clickHold)];
}

function mailEnds(habit: Extract<Habit, { when: When }>, mail: Arrived, clock: Clock): Deed[] {
  if (mail.purpose !== 'marketing') return [];
  const at = whenRead(habit.when, mail, clock);
  if (at === undefined) return [];
  if (habit.does === 'complains') return [complaintOn(mail, at)];
  // One that names its day was planned from the outset.
  return clock.at(habit.when) === undefined ? [unsubscribes(at)] : [];
}

/** On its day what has come by then; from a day on what comes later too. */
function whenRead(when: When, mail: Arrived, clock: Clock): Instant | undefined {
  const soon = after(mail.at, HOUR);
  const wanted = clock.at(when, HOUR);
  if (wanted === undefined) return soon;
  if (when.on !== undefined && clock.dayOf(mail.at) > when.on) return undefined;
  return wanted > mail.at ? wanted : soon;
}
