/**
 * Clicks in mails, from the bus to the committed score: each is a click by a browser of its own on a mail of its own lead,
 * taken by the SES of the run, put on its bus, judged, folded into the lead and counted. Judged as they come, without a hold.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { ratesPk } from '../../functions/adapters/traffic-items.ts';
import { foldAll } from '../../functions/lead/fold.ts';
import { exampleScoring } from '../lead/example-scoring.ts';
import { dayOf, eventOf, ZONE } from '../lead/histories.ts';
import { confusionOf, tableOf } from '../lead/traffic/confusion.ts';
import { mixture } from '../lead/traffic/mixture.ts';
import { CHROME } from '../lead/traffic/trace.ts';
import { definitionCopy } from '../system/definition-copy.ts';
import { System } from '../system/system.ts';
import { type Connection, openConnection } from './connection.ts';
import { inTurns, TURNS } from './in-turns.ts';
import { postNewLeads } from './load.ts';
import type { Figures } from './run.ts';

const IN_FLIGHT = 32;
const MOST_IN_A_SPAN = 2000;
const A_TURN = 100;
/** How often the bench looks what has been counted: at 400 a second three clicks end in this time, and their places wait. */
const LOOK_MS = 8;

/** Events that fill the log: so many of one lead at once, and in a request. */
const TOGETHER = 20;
const IN_A_REQUEST = 1000;

/** The local database wants to see one, and looks no closer. */
const ANY_SIGNATURE = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20270301/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
  'x-amz-date': '20270301T000000Z',
};
const answerShape = z.object({ Items: z.array(z.object({ clickedByPeople: z.object({ N: z.string() }).optional() })) });

const withoutHold = (): string => {
  const settings = readFileSync(join(import.meta.dirname, '..', '..', 'workflows', 'settings.yaml'), 'utf8');
  return definitionCopy({ 'settings.yaml': `${settings.replace(/^clickHold:.*$/m, '')}\nclickHold: 0 seconds\n` });
};

export async function engagement({ events }: { events: number }): Promise<Figures> {
  const span = Math.min(MOST_IN_A_SPAN, Math.floor(events / 2));
  console.log(tableOf(confusionOf(mixture(10_000, 1))));
  const [system, fresh] = [new System({ workflows: withoutHold() }), new System({ workflows: withoutHold() })];
  try {
    const run = await warmed(system, Math.min(300, span));
    const first = await (await run.mailed('first', span))(span);
    await run.fill('first', span, events - 2 * span);
    const last = await (await run.mailed('last', span))(span);
    const other = await warmed(fresh, Math.min(300, span));
    const [grown, young] = await inTurns(
      { system, turn: await turnsOf(run) },
      { system: fresh, turn: await turnsOf(other) },
    );
    return [
      [`first ${span} clicks, ${IN_FLIGHT} in flight`, `${first.toFixed(0)}/s`],
      [`last ${span} of ${events}`, `${last.toFixed(0)}/s`],
      ['last to first', (last / first).toFixed(2)],
      [`after ${events} to after 300, in turns of ${A_TURN}`, (grown / young).toFixed(2)],
      ['fold of a history of 1,000 events', `${foldTime().toFixed(2)} ms`],
    ];
  } finally {
    await system.remove();
    await fresh.remove();
  }
}

type Run = ReturnType<typeof runOn>;

/** Starts the run and lets it find its pace. */
async function warmed(system: System, clicks: number): Promise<Run> {
  await system.start();
  const run = runOn(system);
  await (await run.mailed('warm', clicks))(clicks);
  return run;
}

const turnsOf = (run: Run) => run.mailed('turn', A_TURN * TURNS).then((clicks) => () => clicks(A_TURN));

function runOn(system: System) {
  /** New leads with a mail each, an hour ago. @returns what clicks in the next so many of them, and tells clicks a second. */
  async function mailed(name: string, leads: number): Promise<(count: number) => Promise<number>> {
    await postNewLeads(system.url, 'cash-flow-guide', name, leads);
    await system.settle();
    const mails = await mailsTo(system, name, leads);
    await system.advance('PT1H');
    const days = [...new Set(mails.map(({ at }) => at.slice(0, 10)))];
    let next = 0;
    return (count) => {
      const from = next;
      next += count;
      return clicks(mails.slice(from, next), from, days);
    };
  }

  async function clicks(mails: { id: string }[], nth: number, days: string[]): Promise<number> {
    const { tables, dynamodb } = await system.json<{ tables: string[]; dynamodb: string }>('/_local');
    const database = await openConnection(dynamodb);
    const free = await Promise.all(Array.from({ length: IN_FLIGHT }, () => openConnection(system.url)));
    const counted = () => countedOn(database, tables[0] ?? '', days);
    const before = await counted();
    let [sent, done] = [0, 0];
    const start = performance.now();
    while (done < mails.length) {
      for (; sent < mails.length && sent - done < IN_FLIGHT; sent++) {
        const [mail, connection] = [mails[sent], free.pop()];
        if (!mail || !connection) break;
        void click(connection, mail.id, nth + sent).then(() => free.push(connection));
      }
      await pause(LOOK_MS);
      done = (await counted()) - before;
    }
    const rate = mails.length / ((performance.now() - start) / 1000);
    await system.settle();
    for (const connection of [database, ...free]) connection.close();
    return rate;
  }

  /** Page views of leads that there are, as a product reports them: the log grows by so many events. */
  async function fill(name: string, leads: number, count: number): Promise<void> {
    const connection = await openConnection(system.url);
    for (let sent = 0; sent < count; sent += IN_A_REQUEST) {
      const events = Array.from({ length: Math.min(IN_A_REQUEST, count - sent) }, (_, i) => ({
        id: `fill-${sent + i}`,
        email: `${name}-${Math.floor((sent + i) / TOGETHER) % leads}@load.test`,
        type: 'page.viewed',
        data: { category: 'imprint' },
      }));
      const headers = { 'content-type': 'application/json' };
      const { status } = await connection.request('POST', '/api/events', headers, JSON.stringify({ events }));
      if (status !== 202) throw new Error(`Events were answered with ${status}.`);
    }
    connection.close();
    await system.settle();
  }
  return { mailed, fill };
}

/** Mails of these days that a person clicked in: each is counted when its score is committed. */
async function countedOn(database: Connection, table: string, days: string[]): Promise<number> {
  let sum = 0;
  for (const day of days) {
    const { body } = await database.request(
      'POST',
      '/',
      { ...ANY_SIGNATURE, 'x-amz-target': 'DynamoDB_20120810.Query', 'content-type': 'application/x-amz-json-1.0' },
      JSON.stringify({
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: ratesPk(day) } },
        ConsistentRead: true,
      }),
    );
    for (const item of answerShape.parse(JSON.parse(body)).Items) sum += Number(item.clickedByPeople?.N ?? 0);
  }
  return sum;
}

/** The newest mails: one to each lead of this name. */
async function mailsTo(system: System, name: string, count: number): Promise<{ id: string; at: string }[]> {
  const found: { id: string; at: string }[] = [];
  let cursor: string | undefined;
  while (found.length < count) {
    const asked = new URLSearchParams({ limit: '1000', ...(cursor ? { cursor } : {}) });
    const page = await system.json<{ items: { id: string; to: string; at: string }[]; cursor?: string }>(
      `/_local/inbox?${asked}`,
    );
    found.push(...page.items.filter(({ to }) => to.startsWith(`${name}-`)));
    cursor = page.cursor;
    if (!cursor) break;
  }
  if (found.length !== count) throw new Error(`There are ${found.length} mails for ${count} leads.`);
  return found;
}

/** A click of a browser of its own. @throws Error when the link does not lead on. */
async function click(connection: Connection, mail: string, nth: number): Promise<void> {
  const ip = `192.0.${(nth >> 8) & 255}.${nth & 255}`;
  const headers = { 'user-agent': CHROME, 'x-forwarded-for': ip };
  const { status } = await connection.request('GET', `/_local/ses/click/${mail}/0`, headers);
  if (status !== 302) throw new Error(`A click was answered with ${status}.`);
}

/** The median of twenty, in milliseconds. */
function foldTime(): number {
  const events = Array.from({ length: 1000 }, (_, place) =>
    eventOf(`k${place}`, dayOf(place / 20), {
      type: place % 3 === 0 ? 'email.clicked' : 'page.viewed',
      actor: place % 9 === 0 ? 'suspect' : 'human',
      data: place % 3 === 0 ? { email: `m${place}` } : { category: 'pricing', seconds: place % 10 },
      ...(place % 100 === 99 && { labels: { [`k${place - 9}`]: { actor: 'machine', reasons: ['x'] } } }),
    }),
  );
  const times = Array.from({ length: 20 }, () => {
    const start = performance.now();
    foldAll(events, () => exampleScoring, ZONE);
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[10] ?? 0;
}
