/**
 * How many mails arrived, were opened and were clicked, by anybody and by people: counters by the day on which the mail
 * was sent. Each step of evidence about a mail changes what is known of it, and adds the difference that this makes, once:
 * so they say in the end what all steps together came to. A crash between the two may lose one count.
 */
import * as z from 'zod/mini';
import { env } from '../env.ts';
import type { Counts } from '../lead/engagement-report.ts';
import type { MailRef } from '../lead/traffic.ts';
import { type Shares, sharesOf } from '../lead/traffic-step.ts';
import { queryAll, toItem, values } from './dynamo.ts';
import { gather } from './gather.ts';
import type { Key } from './table.ts';
import type { Known } from './traffic.ts';
import { ratesKey, ratesPk } from './traffic-items.ts';
import { sendUpdate } from './transaction.ts';

const COUNTED = [
  'delivered',
  'opened',
  'openedByPeople',
  'clicked',
  'clickedByPeople',
] as const satisfies (keyof Counts)[];

/** Counts a mail that arrived. */
export const countDelivered = (mail: MailRef): Promise<void> => add(mail, { delivered: 1 });

/** How a mail counted before a step, and after it. */
export interface ShareChange {
  before: Shares;
  after: Shares;
}

/** Counts what steps changed about a mail. The sum is right once each step of the mail has been given, in any order. */
export async function countShares(mail: MailRef, changes: readonly ShareChange[]): Promise<void> {
  const one = (share: keyof Shares): number =>
    changes.reduce((sum, { before, after }) => sum + Number(after[share]) - Number(before[share]), 0);
  await add(mail, {
    opened: one('opened'),
    openedByPeople: one('openedByPeople'),
    clicked: one('clicked'),
    clickedByPeople: one('clickedByPeople'),
  });
}

/** Counts what steps on one mail changed, once for each. */
export async function countSteps(steps: readonly Known[]): Promise<void> {
  const [first] = steps;
  const changes = steps.map((step) => ({ before: sharesOf(step.before), after: sharesOf(step) }));
  if (first) await countShares(first.mail, changes);
}

interface Added {
  /** One of the items that share the counting. */
  key: Key;
  /** What is counted together, on whichever of these items. */
  of: string;
  counts: [name: string, count: number][];
}

/** Many mails arrive at once, and most are of one email: what comes together goes to the item of the first. */
const send = /* @__PURE__ */ gather<Added, void>({
  atOnce: 1,
  most: 500,
  serve(entries) {
    const sums = new Map([...Map.groupBy(entries, ({ of }) => of)].map(([of, those]) => [of, addUp(those)]));
    return entries.map(async ({ of }) => sums.get(of));
  },
});

async function add({ sentAt, email, messageId }: MailRef, counts: Partial<Counts>): Promise<void> {
  const changed = Object.entries(counts).filter(([, count]) => count !== 0);
  if (changed.length === 0 || email === undefined) return;
  const day = sentAt.slice(0, 10);
  await send({ key: ratesKey(day, email, messageId), of: `${day} ${email}`, counts: changed });
}

/** Adds what is to be added to one item, in one write. */
async function addUp(entries: Added[]): Promise<void> {
  const [first] = entries;
  if (!first) return;
  const sums = new Map<string, number>();
  for (const [name, count] of entries.flatMap(({ counts }) => counts)) sums.set(name, (sums.get(name) ?? 0) + count);
  const names = [...sums.keys()];
  await sendUpdate({
    TableName: env('table'),
    Key: toItem(first.key),
    UpdateExpression: `ADD ${names.map((name) => `${name} :${name}`).join(', ')}`,
    ExpressionAttributeValues: values(Object.fromEntries([...sums].map(([name, sum]) => [`:${name}`, sum]))),
  });
}

const count = z.optional(z.number());
const shape = z.object({
  sk: z.string(),
  delivered: count,
  opened: count,
  openedByPeople: count,
  clicked: count,
  clickedByPeople: count,
});

/** By the email's name: the counts of the mails sent on these days (`2027-03-01`, in UTC). */
export async function ratesOf(days: string[]): Promise<Map<string, Counts>> {
  const items = await Promise.all(
    days.map((day) =>
      queryAll({ KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: values({ ':pk': ratesPk(day) }) }),
    ),
  );
  const rates = new Map<string, Counts>();
  for (const item of items.flat()) {
    const { sk, ...read } = z.parse(shape, item);
    const email = sk.slice(0, sk.lastIndexOf('#'));
    const sum = rates.get(email) ?? { delivered: 0, opened: 0, openedByPeople: 0, clicked: 0, clickedByPeople: 0 };
    for (const name of COUNTED) sum[name] += read[name] ?? 0;
    rates.set(email, sum);
  }
  return rates;
}
