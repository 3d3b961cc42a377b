/** Mails as they travel: what is handed to SES, put on the wire as SES does it, read by a parser that knows nothing of us. */
import { SendEmailCommand } from '@aws-sdk/client-sesv2';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import PostalMime, { decodeWords } from 'postal-mime';
import { afterAll, describe, expect, it } from 'vitest';
import { type Mail, sendMail, ses } from '../../functions/adapters/mail.ts';
import { setUpMail } from '../infra/local/mail-set-up.ts';

const account = mockClient(ses);
afterAll(() => account.restore());

const mail: Mail = {
  from: { name: 'Lan', address: 'lan@mail.example.com' },
  to: 'huong@example.com',
  subject: 'Hello',
  html: '<p>Chào Hương</p>',
  text: 'Chào Hương',
  headers: {
    'List-Unsubscribe': '<https://go.example.com/unsubscribe/v1.k.p.m>',
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  },
  tags: { send_id: 'snd_1' },
  configurationSet: 'nurture-prod',
};

const { send, inbox, get } = setUpMail({ maxSendRate: 1e6, max24h: 1e9 });

/** The message of a mail, as bytes and as the parser reads it. */
async function onTheWire(changes: Partial<Mail>) {
  account.reset();
  account.on(SendEmailCommand).resolves({ MessageId: 'x' });
  await sendMail({ ...mail, ...changes });
  const { input } = account.commandCalls(SendEmailCommand)[0]?.args[0] ?? {};
  await send(JSON.parse(JSON.stringify(input)));
  const { items } = await inbox('?limit=1');
  const raw = Buffer.from(await (await get(`/_local/inbox/${items[0].id}.eml`)).arrayBuffer());
  const [head = ''] = raw.toString('latin1').split('\r\n\r\n');
  return { head, parsed: await PostalMime.parse(raw) };
}

const TONES = ['', '\u0300', '\u0301', '\u0309', '\u0303', '\u0323'];
const vowels = [...'aăâeêioôơuưy'].flatMap((vowel) => TONES.map((tone) => (vowel + tone).normalize('NFC')));
const VIETNAMESE = [...vowels, ...vowels.map((vowel) => vowel.toUpperCase()), ...'đĐNnHhTtgG'];
const THAI = Array.from({ length: 0x0e5b - 0x0e01 + 1 }, (_, at) => String.fromCodePoint(0x0e01 + at)).filter(
  (letter) => /\p{Assigned}/u.test(letter),
);
const word = (letters: string[]) => fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 14 });
const words = fc
  .array(fc.oneof(word(VIETNAMESE), word(THAI), word([...'Lan,"\\()<>@:;.[]ab 12 =?'])), { minLength: 1, maxLength: 7 })
  .map((all) =>
    all
      .map((each) => each.join(''))
      .join(' ')
      .replace(/\s+/g, ' ')
      .trim(),
  )
  .filter((text) => text !== '');

describe('a mail on the wire', () => {
  it('has every tone and mark of its subject and of its sender’s name', async () => {
    await fc.assert(
      fc.asyncProperty(words, words, async (subject, name) => {
        const { head, parsed } = await onTheWire({ subject, from: { name, address: mail.from.address } });
        expect(parsed.subject).toBe(subject);
        expect(parsed.from).toMatchObject({ name, address: mail.from.address });
        expect(head).toMatch(/^[\t\r\n -~]*$/);
        for (const encoded of head.match(/=\?utf-8\?[bq]\?[^?\s]*\?=/gi) ?? []) {
          expect(encoded.length).toBeLessThanOrEqual(75);
          // Each word holds whole characters: read alone it has no broken one.
          expect(decodeWords(encoded)).not.toContain('\ufffd');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('has every letter of the alphabets, one by one', async () => {
    for (const letters of [VIETNAMESE, THAI]) {
      for (let at = 0; at < letters.length; at += 40) {
        const text = letters.slice(at, at + 40).join('');
        const { parsed } = await onTheWire({ subject: text, from: { name: text, address: mail.from.address } });
        expect(parsed.subject).toBe(text);
        expect(parsed.from?.name).toBe(text);
      }
    }
  });

  it('has its unsubscribe headers once, whole and on one line', async () => {
    const { head } = await onTheWire({});
    const lines = head.split('\r\n').filter((line) => /^list-unsubscribe/i.test(line));
    expect(lines).toEqual([
      'List-Unsubscribe: <https://go.example.com/unsubscribe/v1.k.p.m>',
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
    ]);
  });

  it('gains no header from a line break in a name or a subject', async () => {
    const { head, parsed } = await onTheWire({
      subject: 'Hi\r\nBcc: all@example.com\u0000',
      from: { name: 'Lan\nX-Evil: 1\u0000', address: mail.from.address },
    });
    expect(head).not.toMatch(/^(?:bcc|x-evil):/im);
    expect(parsed.subject).toBe('Hi Bcc: all@example.com');
  });
});
