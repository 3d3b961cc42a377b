/** Mails as a lead gets them: greeted rightly, escaped where it is HTML, and never with a gap where a value should be. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Email } from '../../functions/definition/settings.ts';
import { greeting } from '../../functions/lead/greeting.ts';
import { mailbox, oneLine, tagValue } from '../../functions/lead/mail-header.ts';
import { mailVariables } from '../../functions/lead/mail-variables.ts';
import { isFaultOfTemplate, renderEmail } from '../../functions/lead/render.ts';
import { exampleRules, guideForm } from './example-rules.ts';

const variables = (fields = {}, language = 'en') =>
  mailVariables({
    lead: { email: { asTyped: 'h@example.com', deliverTo: 'h@example.com', key: 'h@example.com' }, fields },
    rules: exampleRules,
    language,
    unsubscribe: 'https://go.example.com/unsubscribe/v1.k.p.m',
  });

let nth = 0;
/** Renders a template of its own in all three parts. */
function render(template: string, fields = {}, language = 'en') {
  const email: Email = {
    name: `mail-${nth++}`,
    language,
    subject: template,
    class: 'educational',
    html: template,
    text: template,
  };
  return renderEmail('hash', email, variables(fields, language));
}

describe('a greeting', () => {
  it.each([
    ['vi', 'Nguyễn Thị Hương', 'Xin chào Hương,'],
    ['vi', 'Hương', 'Xin chào Hương,'],
    ['en', 'Nguyễn Thị Hương', 'Hello Hương,'],
    ['en', 'Ada Lovelace', 'Hello Ada,'],
    ['vi-VN', 'Trần Văn Bình', 'Xin chào Bình,'],
    ['th', 'คุณสมชาย ใจดี', 'สวัสดี คุณสมชาย'],
    ['th', 'สมชาย ใจดี', 'สวัสดี คุณสมชาย'],
    ['de', 'Jürgen Groß', 'Hallo Jürgen,'],
    ['xx', 'Ada', 'Hello Ada,'],
    ['en', '', 'Hello,'],
    ['vi', '', 'Chào bạn,'],
    ['th', '', 'สวัสดี'],
    ['en', 'http://spam.example', 'Hello,'],
    ['en', '<script>alert(1)</script>', 'Hello,'],
  ])('in %s of “%s” is “%s”', (language, name, said) => {
    expect(greeting(name, language)).toBe(said);
  });

  it('has no dangling comma and no line break, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom('en', 'vi', 'th', 'fr'), (name, language) => {
        expect(greeting(name, language)).not.toMatch(/\s,|[\r\n]|^,/);
      }),
    );
  });
});

describe('values in a mail', () => {
  it('are escaped in HTML, and plain in the subject and the text', () => {
    const { subject, html, text } = render('{{ lead.problem }}', { problem: `<b onclick="x">'R&D'</b>` });
    expect(html).toBe('&lt;b onclick=&#34;x&#34;&gt;&#39;R&amp;D&#39;&lt;/b&gt;');
    expect(text).toBe(`<b onclick="x">'R&D'</b>`);
    expect(subject).toBe(`<b onclick="x">'R&D'</b>`);
  });

  it('are never read as templates', () => {
    expect(render('{{ lead.name }}', { name: '{{ company.name }}{% if true %}x{% endif %}' }).text).toBe(
      '{{ company.name }}{% if true %}x{% endif %}',
    );
  });

  it('make no second line in a subject', () => {
    expect(render('{{ lead.name }}', { name: 'A\r\nBcc: x@example.com\u0000\u2028B' }).subject).toBe(
      'A Bcc: x@example.com B',
    );
  });

  it('keep their tones and scripts', () => {
    const name = 'Nguyễn Thị Hương ผู้อำนวยการ 👩🏽‍💻';
    expect(render('{{ lead.name }}', { name })).toEqual({ subject: name, html: name, text: name });
  });

  it('that are not known take the default, in the filter and in a condition', () => {
    expect(render('{{ lead.companySize | default: "your size" }}').text).toBe('your size');
    expect(render('{% if lead.jobTitle %}x{% else %}none{% endif %}').text).toBe('none');
  });

  it.each([
    ['a variable that there is none of', '{{ lead.shoeSize }}'],
    ['a whole that there is none of', '{{ leed.name }}'],
    ['a filter that there is none of', '{{ lead.name | shout }}'],
    ['a tag that never ends', '{% if lead.name %}'],
  ])('fail for %s, as a fault of the template', (_, template) => {
    try {
      render(template, { name: 'Hương' });
      expect.unreachable();
    } catch (error) {
      expect(isFaultOfTemplate(error)).toBe(true);
      expect(String(error)).not.toContain('Hương');
    }
  });

  it('give away nothing of their prototypes', () => {
    expect(() => render('{{ lead.constructor }}')).toThrow();
    expect(() => render('{{ lead.__proto__ }}')).toThrow();
  });

  it('cannot read a file', () => {
    expect(() => render('{% include "/etc/passwd" %}')).toThrow();
  });
});

describe('dates and money', () => {
  it.each([
    ['en', '{{ "2027-03-01T17:30:00Z" | date }}', 'March 2, 2027'],
    ['vi', '{{ "2027-03-01T17:30:00Z" | date }}', '2 tháng 3, 2027'],
    ['th', '{{ "2027-03-01" | date }}', '1 มีนาคม 2570'],
    ['en', '{{ "2027-03-01" | date: "short" }}', '3/1/27'],
    ['en', '{{ "soon" | date }}', ''],
    ['en', '{{ lead.jobTitle | date }}', ''],
    ['en', '{{ 1200 | money: "USD" }}', '$1,200.00'],
    ['vi', '{{ 1200000 | money: "VND" }}', '1.200.000\u00a0₫'],
    ['en', '{{ lead.jobTitle | money: "USD" }}', ''],
    ['en', '{{ "much" | money: "USD" }}', ''],
  ])('in %s %s reads “%s”', (language, template, text) => {
    expect(render(template, {}, language).text).toBe(text);
  });
});

describe('the variables of a mail', () => {
  it('say why one gets it, in the language of the mail', () => {
    expect(variables({}, 'vi').reason).toBe('Bạn nhận được thư này vì bạn đã đồng ý nhận email từ Cash Clarity.');
    expect(variables({}, 'fr').reason).toContain('agreed to emails from Cash Clarity');
  });

  it('name the form and the asset that are answered, and no way out of what was asked for', () => {
    const lead = { email: { asTyped: 'h', deliverTo: 'h', key: 'h' }, fields: {} };
    const asked = mailVariables({ lead, rules: exampleRules, language: 'en', form: guideForm });
    expect(asked).toMatchObject({
      form: { name: 'cash-flow-guide' },
      asset: { name: 'cash-flow-guide' },
      links: { unsubscribe: null },
      reason: expect.stringContaining('asked'),
    });
  });

  it('cannot have their address replaced by a field of that name', () => {
    expect(variables({ email: 'x' }).lead.email).toBe('h@example.com');
  });
});

describe('a mail that was mended', () => {
  it('is parsed anew under the same version', () => {
    const email: Email = { name: 'mended', language: 'en', subject: 's', class: 'c', html: 'old', text: 't' };
    expect(renderEmail('hash', email, variables()).html).toBe('old');
    expect(renderEmail('hash', { ...email, html: 'new' }, variables()).html).toBe('new');
  });
});

describe('headers', () => {
  it.each([
    ['Lan', '"Lan" <a@example.com>'],
    ['Lan, "the" \\ best', '"Lan, \\"the\\" \\\\ best" <a@example.com>'],
    ['', 'a@example.com'],
    ['สมชาย', '=?UTF-8?B?4Liq4Lih4LiK4Liy4Lii?= <a@example.com>'],
  ])('write the name “%s” as %s', (name, written) => {
    expect(mailbox(name, 'a@example.com')).toBe(written);
  });

  it('hold any name in words of at most 75 ASCII characters that decode to it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }), (name) => {
        const written = mailbox(name, 'a@example.com').replace(/ ?<?a@example\.com>?$/, '');
        expect(written).toMatch(/^[\x20-\x7e]*$/);
        if (!written.startsWith('=?')) return;
        const words = written.split(' ');
        for (const word of words) expect(word.length).toBeLessThanOrEqual(75);
        const decoded = words.map((word) => Buffer.from(word.slice(10, -2), 'base64').toString()).join('');
        expect(decoded).toBe(oneLine(name));
      }),
    );
  });

  it('let no address bring a second one', () => {
    expect(mailbox('x', 'a@example.com>\r\nBcc: <b@example.com')).toBe('"x" <a@example.comBcc:b@example.com>');
  });

  it('clean tags to what SES takes', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(tagValue(text)).toMatch(/^[A-Za-z0-9_-]{1,256}$/);
      }),
    );
  });
});
