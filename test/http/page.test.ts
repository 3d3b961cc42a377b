import { describe, expect, it } from 'vitest';
import { errorsPage, messagePage } from '../../functions/http/page.ts';
import { pageLanguage, wordsIn } from '../../functions/http/words.ts';

describe('a page', () => {
  it('runs no script, takes nothing from elsewhere, and says so', () => {
    const { headers, body } = messagePage('en', 'Title', 'Text');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; /);
    expect(headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' });
    expect(body).not.toMatch(/<script|style=|http:|https:/);
  });

  it('escapes what it shows', () => {
    const { body } = messagePage('en', '<b>', '"><img src=x onerror=alert(1)>');
    expect(body).not.toContain('<img');
    expect(body).toContain('&lt;img');
  });

  it('names its language', () => {
    expect(messagePage('vi', 'x', 'y').body).toContain('<html lang="vi">');
  });
});

describe('the page of wrong fields', () => {
  const { body, headers, statusCode } = errorsPage({
    language: 'en',
    errors: [
      { field: 'email', message: 'It has no @.' },
      { field: 'phone', message: 'Too short.' },
    ],
    fields: { email: ['ada"at'], name: ['Ada <b>'], tags: ['a', 'b'] },
    redirect: 'https://www.example.com/thanks',
  });

  it('tells each field with its reason and keeps what was typed', () => {
    expect(statusCode).toBe(422);
    expect(body).toContain('value="ada&quot;at" aria-invalid="true" aria-describedby="w0"');
    expect(body).toContain('<p class="why" id="w0">It has no @.</p>');
    expect(body).toContain('<p class="why" id="w1">Too short.</p>');
  });

  it('keeps the lines of a text', () => {
    const errors = [{ field: 'note', message: 'Too long.' }];
    const { body: page } = errorsPage({ language: 'en', errors, fields: { note: ['one\r\n<two>'] } });
    expect(page).toMatch(/<textarea id="f0" name="note" [^>]*>\none\r\n&lt;two&gt;<\/textarea>/);
  });

  it('sends all that was right along again', () => {
    expect(body).toContain('<input type="hidden" name="name" value="Ada &lt;b&gt;">');
    expect(body.match(/type="hidden" name="tags"/g)).toHaveLength(2);
    expect(body).not.toContain('type="hidden" name="email"');
  });

  it('may lead to where the form leads', () => {
    expect(headers['content-security-policy']).toContain("form-action 'self' https://www.example.com;");
  });
});

describe('the language of a page', () => {
  it.each([
    [['vi'], '', 'vi'],
    [['VI-vn'], 'th', 'vi'],
    [[undefined, 'th'], 'vi', 'th'],
    [['fr'], 'vi', 'vi'],
    [[], 'fr-FR, th;q=0.4, vi;q=0.8', 'vi'],
    [[], 'vi;q=0, th', 'th'],
    [[], '*', 'en'],
    [[], '', 'en'],
    [['constructor'], '', 'en'],
  ])('of %j and Accept-Language “%s” is %s', (given, accept, expected) => {
    expect(pageLanguage(given, accept)).toBe(expected);
  });

  it('has every text that English has', () => {
    for (const language of ['vi', 'th']) {
      expect(Object.keys(wordsIn(language))).toEqual(Object.keys(wordsIn('en')));
      expect(Object.values(wordsIn(language)).every((text) => text.length > 0)).toBe(true);
    }
  });
});
