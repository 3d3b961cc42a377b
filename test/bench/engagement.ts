/**
 * Clicks in mails, from the bus to the committed score: each is a click by a browser of its own on a mail of its own lead,
 * taken by the SES of the run, put on its bus, judged, folded into the lead and counted. Judged as they come, without a hold.
 */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { ratesPk } from '../../functions/adapters/traffic-items.ts';
import { foldAll } from '../../functions/lead/fold.ts';
import { exampleScoring } from '../lead/example-scoring.ts';
import { dayOf, eventOf, ZONE } from '../lead/histories.ts';
import { confusionOf, tableOf } from '../lead/traffic/confusion.ts';
import { mixture } from '../lead/traffic/mixture.ts';
import { CHROME } from '../lead/traffic/trace.ts';
import { definitionCopy } from '../system/definition-copy.ts';
import { System } from '../system/system.ts';
import { postNewLeads } from './load.ts';
import type { Figures } from './run.ts';

const IN_FLIGHT = 32;
const MOST_IN_A_SPAN = 2000;

const withoutHold = (): string => {
  const settings = readFileSync(join(import.meta.dirname, '..', '..', 'workflows', 'settings.yaml'), 'utf8');
  return definitionCopy({ 'settings.yaml': `${settings.replace(/^clickHold:.*$/m, '')}\nclickHold: 0 seconds\n` });
};

export async function engagement({ events }: { events: number }): Promise<Figures> {
  const span = Math.min(MOST_IN_A_SPAN, Math.floor(events / 2));
  console.log(tableOf(confusionOf(mixture(10_000, 1))));
  const system = await new System({ workflows: withoutHold() }).start();
  try {
    const run = await makeRun(system);
    await run.clicks('warm', Math.min(300, span));
    const first = await run.clicks('first', span);
    for (let done = span; done < events - span; done += span) {
      await run.clicks(`fill-${done}`, Math.min(span, events - span - done));
    }
    const last = await run.clicks('last', span);
    return [
      [`first ${span} clicks, ${IN_FLIGHT} in flight`, `${first.toFixed(0)}/s`],
      [`last ${span} of ${events}`, `${last.toFixed(0)}/s`],
      ['last to first', (last / first).toFixed(2)],
      ['fold of a history of 1,000 events', `${foldTime().toFixed(2)} ms`],
    ];
  } finally {
    await system.remove();
  }
}

async function makeRun(system: System) {
  const { tables, dynamodb } = await system.json<{ tables: string[]; dynamodb: string }>('/_local');
  const [table] = tables;
  const dynamo = new DynamoDBClient({
    endpoint: dynamodb,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
  let day = '';

  /** Mails that a person clicked in: each is counted when its score is committed. */
  async function counted(): Promise<number> {
    const { Items = [] } = await dynamo.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: ratesPk(day) } },
        ConsistentRead: true,
      }),
    );
    return Items.reduce((sum, { clickedByPeople }) => sum + Number(clickedByPeople?.N ?? 0), 0);
  }

  /** New leads with a mail each, an hour ago; then a click in each. @returns clicks a second. */
  async function clicks(name: string, count: number): Promise<number> {
    await postNewLeads(system.url, 'cash-flow-guide', name, count);
    day = (await system.settle()).slice(0, 10);
    const mails = await mailsTo(system, name, count);
    const now = await system.advance('PT1H');
    if (now.slice(0, 10) !== day) day = (mails[0]?.at ?? now).slice(0, 10);
    const before = await counted();
    let [sent, done] = [0, 0];
    const start = performance.now();
    const failed: unknown[] = [];
    while (done < count) {
      for (; sent < count && sent - done < IN_FLIGHT; sent++) {
        const mail = mails[sent];
        if (mail)
          void click(agent, `${system.url}/_local/ses/click/${mail.id}/0`, sent).catch((error) => failed.push(error));
      }
      if (failed.length > 0) throw failed[0];
      done = (await counted()) - before;
      if (sent === count || sent - done === IN_FLIGHT) await pause(10);
    }
    const rate = count / ((performance.now() - start) / 1000);
    await system.settle();
    return rate;
  }
  return { clicks };
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

const click = (agent: Agent, url: string, nth: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const ip = `192.0.${(nth >> 8) & 255}.${nth & 255}`;
    const sent = request(url, { agent, headers: { 'user-agent': CHROME, 'x-forwarded-for': ip } }, (response) => {
      response.resume();
      response.on('end', () => (response.statusCode === 302 ? resolve() : reject(new Error(`${response.statusCode}`))));
    });
    sent.on('error', reject);
    sent.end();
  });

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
