import { describe, expect, it } from 'vitest';
import type { Email } from '../../../functions/definition/settings.ts';
import { mailVariables } from '../../../functions/lead/mail-variables.ts';
import { renderEmail } from '../../../functions/lead/render.ts';
import { contrast, DARK, LIGHT, onDark } from '../../../workflows/compiler/colour.ts';
import { compile } from '../../../workflows/compiler/compile.ts';
import { filesOf, readCase } from './folder.ts';

const base = filesOf('invalid/base');

/** Compiles the base folder with another body of the mail `story`, or what else the case changes. */
async function mailOf(body: string, front = 'subject: A story\nclass: educational', more = ''): Promise<Email> {
  const text = `== file emails/story.en.md\n---\n${front}\n---\n${body}\n${more}`;
  const { definition, problems } = await compile(readCase('mail', text, base).files);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const mail = definition?.emails.story?.en;
  if (!mail) throw new Error('There is no mail.');
  return mail;
}

const { definition } = await compile(base);
if (!definition) throw new Error('The base folder does not compile.');
const rules = definition;

/** The mail as a lead with these fields gets it. */
function rendered(mail: Email, fields: Record<string, string> = {}) {
  const email = { asTyped: 'ann@example.com', deliverTo: 'ann@example.com', key: 'ann@example.com' };
  const unsubscribe = 'https://r.example.com/unsubscribe/v1.a.b?x=1&y=2';
  const variables = mailVariables({ lead: { email, fields }, rules, language: mail.language, unsubscribe });
  return renderEmail('test', mail, variables);
}

describe('a mail in its HTML part', () => {
  it('is set into a frame that every mail program understands', async () => {
    const { html } = await mailOf('Hello.', 'subject: "Cash & <carry>"\npreheader: Short\nclass: educational');
    expect(html).toMatch(/^<!doctype html>/i);
    expect(html).toContain('<html lang="en" dir="ltr"');
    expect(html).toContain('<title>Cash &amp; &lt;carry&gt;</title>');
    expect(html).toContain('<meta name="color-scheme" content="light dark"');
    expect(html).toContain('>Short</div>');
    expect(html).toMatch(/max-width:600px/);
    expect(html).toContain("font-family:Arial, Tahoma, 'Noto Sans Thai', sans-serif;font-size:16px;line-height:1.6");
    expect(html.match(/<table(?![^>]*role="presentation")/g)).toBeNull();
  });

  it('ends with the reason, the postal address and an unsubscribe link that SES does not track', async () => {
    const { html, text } = await mailOf('Hello.');
    expect(html).toContain('<a href="{{ links.unsubscribe }}" ses:no-track');
    for (const part of [html, text]) {
      expect(part).toContain('{{ reason }}');
      expect(part).toContain('1 Main Street, Springfield');
      expect(part).toContain('{{ links.unsubscribe }}');
    }
  });

  it('has no unsubscribe link when it is transactional', () => {
    const { html, text } = rules.emails['guide-delivery']?.en ?? { html: '', text: '' };
    expect(html).toContain('1 Main Street, Springfield');
    expect(html + text).not.toContain('unsubscribe');
  });

  it('says "unsubscribe" in the language of the mail', () => {
    expect(rules.emails.story?.vi?.html).toContain('>Hủy đăng ký</a>');
    expect(rules.emails.story?.vi?.html).toContain('<html lang="vi"');
  });

  it.each([
    ['a value with quotes and bars', '{{ lead.size | default: "your \'size\'" | upcase }}'],
    ['a value in a link', '[x](https://www.example.com/?e={{ lead.email | url_encode }}&amp;a=b_c_d)'],
    ['a link that is a value', '[Leave]({{ links.unsubscribe }})'],
    [
      'a value with underscores beside others',
      '{{ lead.size | default: "a_b" }} _it_ {{ lead.size | default: "c_d" }}',
    ],
    ['a condition', '{% if lead.size == "large" %}Large & <small>{% endif %}'],
  ])('keeps the Liquid of %s as it was written', async (_, body) => {
    const mail = await mailOf(body.replace('<small>', '`<small>`'));
    for (const piece of body.match(/\{\{.*?\}\}|\{%.*?%\}/g) ?? []) {
      expect(mail.html).toContain(piece);
      expect(mail.text).toContain(piece);
    }
  });

  it('makes a button of a link that stands alone, and none of one in a sentence', async () => {
    const { html } = await mailOf('[Read it](https://www.example.com/a)\n\nOr [later](https://www.example.com/b).');
    expect(html).toMatch(
      /<a href="https:\/\/www\.example\.com\/a" class="button" style="display:inline-block;padding:12px 24px/,
    );
    expect(html).toMatch(
      /<a href="https:\/\/www\.example\.com\/b" class="link" style="color:#0b5cad;text-decoration:underline/,
    );
  });

  it('puts no paragraph around a condition that stands on its own lines', async () => {
    const { html, text } = await mailOf('{% if lead.size %}\nYou told us.\n{% endif %}\n\nBye.');
    expect(html).toMatch(/\{% if lead\.size %\}\s*<p [^>]*>You told us\.<\/p>\s*\{% endif %\}/);
    expect(text).toContain('You told us.');
  });

  it('takes a layout of the folder', async () => {
    const layout = [
      '== file emails/layout.mjml',
      '<mjml lang="{{ language }}"><mj-body><mj-section><mj-column>',
      '<mj-text>{{ content }}</mj-text>',
      '<mj-button href="{{ company.site }}">Our site</mj-button>',
      '<mj-text>{{ footer }}</mj-text>',
      '</mj-column></mj-section></mj-body></mjml>',
      '',
    ].join('\n');
    const { html } = await mailOf('Hello.', undefined, layout);
    expect(html).toContain('href="{{ company.site }}"');
    expect(html).toContain('>Hello.</p>');
    expect(html).toContain('links.unsubscribe');
  });

  it.each([
    [87_000, 'warning'],
    [103_000, 'error'],
  ])('is complained about with %d letters, since Gmail cuts off the unsubscribe link', async (letters, severity) => {
    const text = `== file emails/story.en.md\n---\nsubject: A story\nclass: educational\n---\n${'long '.repeat(letters / 5)}\n`;
    const { problems } = await compile(readCase('mail', text, base).files);
    expect(problems).toMatchObject([{ severity, file: 'emails/story.en.md', line: 5 }]);
  });
});

describe('what a mail says by itself', () => {
  const links = { unsubscribe: 'https://r.example.com/u', preferences: 'https://r.example.com/p' };
  const lead = { email: { asTyped: 'a@example.com', deliverTo: 'a@example.com', key: 'a@example.com' }, fields: {} };
  const parts = (mail: Email, more: Record<string, string>) => {
    const { html, text } = renderEmail('test', mail, mailVariables({ lead, rules, language: mail.language, ...more }));
    return [html, text];
  };

  it('leads to the preferences where there is such a page, in both parts', async () => {
    const mail = await mailOf('Hello.');
    for (const part of parts(mail, links)) expect(part).toContain('https://r.example.com/p');
    for (const part of parts(mail, { unsubscribe: links.unsubscribe })) expect(part).not.toContain('how often');
  });

  it('asks to confirm in what was asked for, where there is something to confirm', () => {
    const mail = rules.emails['guide-delivery']?.vi;
    if (!mail) throw new Error('There is no mail.');
    for (const part of parts(mail, { confirm: 'https://r.example.com/c' })) {
      expect(part).toContain('https://r.example.com/c');
      expect(part).toContain('xác nhận');
    }
    for (const part of parts(mail, {})) expect(part).not.toContain('xác nhận');
  });

  it('asks once: not again under a body that asks itself', async () => {
    const file =
      '---\nsubject: A guide\nclass: transactional\n---\nHere it is. {% if links.confirm %}[Confirm]({{ links.confirm }}){% endif %}\n';
    const { definition } = await compile(readCase('mail', `== file emails/guide-delivery.en.md\n${file}`, base).files);
    const mail = definition?.emails['guide-delivery']?.en;
    expect(mail?.html.match(/\{\{ links\.confirm/g)).toHaveLength(1);
  });

  it('is written in the colour and under the logo of the settings, by night too', async () => {
    const brand =
      '== change settings.yaml\n- zone: Asia/Bangkok\n+ brand: { logo: "https://www.example.com/l.png?a=1&b=2", colour: "#7a1f3d" }\n';
    const { html } = await mailOf('[Read it](https://www.example.com/a)', undefined, brand);
    expect(html).toContain('background:#7a1f3d');
    expect(html).toMatch(/<img[^>]*alt="Acme"[^>]*src="https:\/\/www\.example\.com\/l\.png\?a=1&amp;b=2"/);
    const [, byNight = ''] = /a\.button \{ background: (#[0-9a-f]{6}) !important/.exec(html) ?? [];
    expect(contrast(byNight, DARK.page)).toBeGreaterThanOrEqual(6);
    expect(html).not.toMatch(/#7a1f3d !important/);
  });

  it('names its topic, by which its readers may choose', async () => {
    const topics = '== change settings.yaml\n- zone: Asia/Bangkok\n+ topics: { news: { en: News, vi: Tin tức } }\n';
    const vi = '== file emails/story.vi.md\n---\nsubject: Chuyện\nclass: educational\ntopic: news\n---\nXin chào.\n';
    const mail = await mailOf('Hello.', 'subject: A story\nclass: educational\ntopic: news', topics + vi);
    expect(mail.topic).toBe('news');
  });
});

describe('the colours of a mail', () => {
  it.each([
    [LIGHT.ink, LIGHT.page, 4.5],
    [LIGHT.soft, LIGHT.page, 4.5],
    [LIGHT.accent, LIGHT.page, 4.5],
    [LIGHT.on, LIGHT.accent, 4.5],
    [DARK.ink, DARK.page, 4.5],
    [DARK.soft, DARK.page, 4.5],
    [DARK.on, onDark(LIGHT.accent), 4.5],
  ])('%s stands out on %s', (one, other, least) => {
    expect(contrast(one, other)).toBeGreaterThanOrEqual(least);
    for (const each of [one, other]) expect(['#000000', '#ffffff']).not.toContain(each);
  });

  it('are counted as WCAG does', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });
});

describe('a mail in its text part', () => {
  it('has the same words and links', async () => {
    const body = [
      '# Three leaks',
      '',
      'See **this** [page](https://www.example.com/a) or <https://www.example.com/b>.',
      '',
      '1. One',
      '2. Two',
      '   - Deep',
      '',
      '> A word',
      '> of a customer',
      '',
      '![A chart](https://www.example.com/c.png)',
      '',
      '[Check](https://www.example.com/d)',
    ].join('\n');
    const { text } = await mailOf(body);
    const [words] = text.split('\n\n-- \n');
    expect(words).toBe(
      [
        'Three leaks',
        '',
        'See this page (https://www.example.com/a) or https://www.example.com/b.',
        '',
        '1. One',
        '2. Two',
        '  - Deep',
        '',
        '> A word of a customer',
        '',
        'A chart',
        '',
        'Check:',
        'https://www.example.com/d',
      ].join('\n'),
    );
  });
});

describe('a compiled mail as the runtime renders it', () => {
  it('fills in what is known, escaped in HTML and plain in the text', async () => {
    const mail = await mailOf('{{ lead.name | greeting }}\n\n{{ lead.size | default: "any" }} seats.');
    const { html, text, subject } = rendered(mail, { name: 'Ann <b>', size: 'R&D' });
    expect(html).toContain('R&amp;D seats.');
    expect(html).not.toContain('<b>');
    expect(text).toContain('R&D seats.');
    expect(text).toContain('https://r.example.com/unsubscribe/v1.a.b?x=1&y=2');
    expect(html).toContain('href="https://r.example.com/unsubscribe/v1.a.b?x=1&amp;y=2"');
    expect(subject).toBe('A story');
    expect(html + text).not.toMatch(/\{\{|\{%/);
  });

  it('renders every mail of the folder for a lead of whom only the address is known', () => {
    for (const [name, languages] of Object.entries(rules.emails)) {
      if (name === 'guide-delivery') continue;
      for (const mail of Object.values(languages)) expect(rendered(mail).html).not.toMatch(/\{\{|undefined|null/);
    }
  });
});
