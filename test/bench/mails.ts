/** A workflow of three mails without delays: from the first post to the last mail. */
import { GetAccountCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { threeMails } from '../system/definition-copy.ts';
import { System } from '../system/system.ts';
import { postNewLeads } from './load.ts';
import type { Figures } from './run.ts';

export async function mailRate(): Promise<Figures> {
  const system = await new System({ workflows: threeMails() }).start();
  try {
    await run(system, 'warm', 100);
    const few = await run(system, 'few', 300);
    const many = await run(system, 'many', 900);
    return [
      ['300 leads × 3 mails', `${few.rate.toFixed(0)} mails/s`],
      ['900 leads × 3 mails', `${many.rate.toFixed(0)} mails/s`],
      ['time of 900 to time of 300', (many.seconds / few.seconds).toFixed(2)],
    ];
  } finally {
    await system.remove();
  }
}

async function run(system: System, name: string, leads: number): Promise<{ rate: number; seconds: number }> {
  const sent = countSent(system);
  const before = await sent();
  const start = performance.now();
  await postNewLeads(system.url, 'three', name, leads);
  while ((await sent()) - before < leads * 3) await new Promise((resolve) => setTimeout(resolve, 200));
  const seconds = (performance.now() - start) / 1000;
  await system.settle();
  return { rate: (leads * 3) / seconds, seconds };
}

/** Asks how many mails SES has taken so far. */
function countSent(system: System): () => Promise<number> {
  const ses = new SESv2Client({
    endpoint: system.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return async () => (await ses.send(new GetAccountCommand({}))).SendQuota?.SentLast24Hours ?? 0;
}
