/** Sends a mail to the marketer's own address: through the SES of this machine, or with credentials the real one. */
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import * as z from 'zod';
import { address } from '../../workflows/compiler/words.ts';
import type { MailView } from './mail-view.ts';

/** Where test mails go out. */
export type TestSender = (view: MailView, to: string, replyTo: string | undefined) => Promise<void>;

const MOST = 5;
const WINDOW_MS = 60_000;

/** One address, of a form that could be mailed; nothing with a name, a comma or a line break in it. */
export const readAddress = (text: string): string | undefined => {
  const trimmed = text.trim();
  return trimmed.length <= 254 && address.safeParse(trimmed).success ? trimmed : undefined;
};

/** Whether one more may go now: a page that posts by itself fills no mailbox. @param now milliseconds */
export function testLimit(): (now: number) => boolean {
  let sent: number[] = [];
  return (now) => {
    sent = sent.filter((at) => at > now - WINDOW_MS);
    if (sent.length >= MOST) return false;
    sent.push(now);
    return true;
  };
}

const Local = z.object({ aws: z.string(), region: z.string() });

/** The SES of the system that runs on this machine. @throws Error when none does. */
export const localSender =
  (system: string): TestSender =>
  async (view, to, replyTo) => {
    const answer = await fetch(`${system}/_local`, { headers: { accept: 'application/json' } }).catch(() => undefined);
    if (!answer?.ok) {
      throw new Error(`Nothing runs at ${system}. Start it with "npm start", or preview with --ses and credentials.`);
    }
    const { aws, region } = Local.parse(await answer.json());
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    await handOver(new SESv2Client({ endpoint: aws, region, credentials, maxAttempts: 1 }), view, to, replyTo);
  };

/** The real SES, with the credentials of the environment. */
export const sesSender: TestSender = (view, to, replyTo) =>
  handOver(new SESv2Client({ maxAttempts: 1 }), view, to, replyTo);

/** Without a configuration set: a test counts nowhere. */
async function handOver(client: SESv2Client, view: MailView, to: string, replyTo: string | undefined): Promise<void> {
  const part = (Data: string) => ({ Data, Charset: 'UTF-8' });
  try {
    await client.send(
      new SendEmailCommand({
        FromEmailAddress: view.from,
        Destination: { ToAddresses: [to] },
        ...(replyTo ? { ReplyToAddresses: [replyTo] } : {}),
        Content: {
          Simple: {
            Subject: part(view.subject),
            Body: { Html: part(view.html), Text: part(view.text) },
            Headers: Object.entries(view.headers).map(([Name, Value]) => ({ Name, Value })),
          },
        },
      }),
    );
  } finally {
    client.destroy();
  }
}
