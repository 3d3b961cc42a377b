/** A mail as a file, read by a parser that did not write it. */
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { setUpMail, simple } from './mail-set-up.ts';

async function sent(content: Record<string, unknown> = {}, more: Record<string, unknown> = {}) {
  const { send, inbox, get } = setUpMail();
  await send({ ...simple(content), ...more });
  const { items } = await inbox();
  const response = await get(`/_local/inbox/${items[0].id}.eml`);
  const raw = Buffer.from(await response.arrayBuffer());
  return { item: items[0], response, raw: raw.toString('latin1'), parsed: await PostalMime.parse(raw) };
}

describe('a mail as a file', () => {
  it('has both parts, the text first, and the headers that SES makes', async () => {
    const { item, raw, parsed, response } = await sent({}, { ReplyToAddresses: ['sales@example.com'] });
    expect(response.headers.get('content-type')).toBe('message/rfc822');
    expect(raw).toMatch(/^Content-Type: multipart\/alternative;/im);
    expect(raw.indexOf('text/plain')).toBeLessThan(raw.indexOf('text/html'));
    expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(parsed.text?.trim()).toBe('Hello');
    expect(parsed.html?.trim()).toBe(item.html);
    expect(parsed.from).toMatchObject({ name: 'Example Inc', address: 'hello@example.com' });
    expect(parsed.to).toMatchObject([{ address: 'ada.lovelace@example.com' }]);
    expect(parsed.replyTo).toMatchObject([{ address: 'sales@example.com' }]);
    expect(parsed.messageId).toBe(`<${item.messageId}@email.amazonses.com>`);
    expect(parsed.date).toBe(item.at.replace(/\.\d+Z/, '.000Z'));
  });

  it('has headers of its own on one line, however long', async () => {
    const Value = `<https://example.com/unsubscribe/${'t'.repeat(800)}>`;
    const { raw } = await sent({ Headers: [{ Name: 'List-Unsubscribe', Value }] });
    expect(raw.split('\r\n')).toContain(`List-Unsubscribe: ${Value}`);
  });

  it('keeps letters of every script, and long lines, in 7 bits', async () => {
    const text = `Chào bạn, สวัสดี ครับ 👋🏽 ${'rất dài '.repeat(300)}`;
    const { raw, parsed } = await sent({ Body: { Text: { Data: text }, Html: { Data: `<p>${text}</p>` } } });
    expect(parsed.text?.trim()).toBe(text.trim());
    expect(parsed.html).toContain(text.trim());
    expect(raw).toMatch(/^[\t\r\n -~]*$/);
    for (const line of raw.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
  });

  it.each([
    ['text', { Text: { Data: 'Only text' } }, 'text/plain'],
    ['HTML', { Html: { Data: '<p>Only HTML</p>' } }, 'text/html'],
  ])('may have %s alone', async (_, Body, type) => {
    const { raw } = await sent({ Body });
    expect(raw).toMatch(new RegExp(`^Content-Type: ${type}; charset=utf-8`, 'im'));
    expect(raw).not.toContain('multipart');
  });

  it('is missing where there is no such mail', async () => {
    const { get } = setUpMail();
    expect((await get('/_local/inbox/00000000000000000000.eml')).status).toBe(404);
  });
});
