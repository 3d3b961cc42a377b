/** What a mail may read: nothing that may be missing is printed bare, wherever it stands. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mailVariables } from '../../../functions/lead/mail-variables.ts';
import { renderEmail } from '../../../functions/lead/render.ts';
import { compile } from '../../../workflows/compiler/compile.ts';
import { liquidFaults } from '../../../workflows/compiler/liquid.ts';
import { variablesOf } from '../../../workflows/compiler/mail-variables.ts';
import { filesOf } from './folder.ts';

const { definition } = await compile(filesOf('valid/example'));
if (!definition) throw new Error('The example does not compile.');
const rules = definition;
const fields = [...new Set(Object.values(rules.forms).flatMap((form) => Object.keys(form.fields)))];
const missing = fields.filter((field) => field !== 'email');
const variables = variablesOf(fields, rules.settings, 'marketing');

describe('a field that may be missing', () => {
  it.each(missing)('is an error without a default, wherever it stands: %s', (field) => {
    const bare = [
      `{{ lead.${field} }}`,
      `{{ lead.${field} | upcase }}`,
      `{{ lead['${field}'] }}`,
      `{{ "x" | append: lead.${field} }}`,
      `{{ lead.${field} | append: "x" | default: "y" }}`,
      `{{ lead.${field} | default: "1" | money: "USD" }}`,
      `{{ lead.${field} | date }}`,
      `{% assign x = lead.${field} %}{{ x }}`,
      `{% capture x %}{{ lead.${field} }}{% endcapture %}`,
      `{% if lead.email == "x" %}{{ lead.${field} }}{% endif %}`,
      `{% unless lead.${field} %}{{ lead.${field} }}{% endunless %}`,
      `{% if lead.${field} or lead.email %}{{ lead.${field} }}{% endif %}`,
      `{% if lead.${field} %}x{% else %}{{ lead.${field} }}{% endif %}`,
      `{% if lead.${field} %}x{% endif %}{{ lead.${field} }}`,
      `{% case lead.${field} %}{% when "a" %}a{% else %}{{ lead.${field} }}{% endcase %}`,
    ];
    for (const template of bare) expect(liquidFaults(template, variables), template).not.toEqual([]);
  });

  it.each(missing)('is in order where words stand for it, or where it was asked for: %s', (field) => {
    const safe = [
      `{{ lead.${field} | default: "x" }}`,
      `{{ lead.${field} | upcase | default: "x" | append: "!" }}`,
      `{{ lead.${field} | date: "short" | default: "soon" }}`,
      `{% if lead.${field} %}{{ lead.${field} }}{% endif %}`,
      `{% if lead.${field} and lead.email %}{{ lead.${field} | upcase }}{% endif %}`,
      `{% assign x = lead.${field} | default: "x" %}{{ x }}`,
    ];
    for (const template of safe) expect(liquidFaults(template, variables), template).toEqual([]);
  });
});

describe('an amount of a text that is always there', () => {
  it.each([
    ['{{ reason | money: "VND" | append: "!" | default: "x" }}', false],
    ['{{ reason | money: "VND" | default: "x" | append: "!" }}', true],
    ['{{ reason | money: "VND" }}', false],
  ])('may be none, so that words stand for it before anything is added: %s', (text, fine) => {
    expect(liquidFaults(text, variables).length === 0).toBe(fine);
  });
});

const path = fc.constantFrom(...missing.map((field) => `lead.${field}`), 'lead.email', 'company.name', 'reason');
const filter = fc.constantFrom(
  'upcase',
  'default: "words"',
  'append: "x"',
  'strip',
  'date: "short"',
  'money: "VND"',
  'greeting',
  'size',
);
const output = fc
  .tuple(path, fc.array(filter, { maxLength: 4 }))
  .map(([value, filters]) => `[{{ ${[value, ...filters].join(' | ')} }}]`);
const template = fc
  .array(
    fc.oneof(
      output,
      fc
        .tuple(path, output, output)
        .map(([asked, one, other]) => `{% if ${asked} %}${one}{% else %}${other}{% endif %}`),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => parts.join(' and '));

describe('a template that checks', () => {
  it('leaves no gap and never fails, for any lead', () => {
    const known = fc.record(
      Object.fromEntries(
        missing.map((field) => [field, fc.option(fc.constantFrom('7', 'Hương', '2027-03-01'), { nil: undefined })]),
      ),
    );
    let checked = 0;
    fc.assert(
      fc.property(template, known, (body, given) => {
        if (liquidFaults(body, variables).length > 0) return;
        checked++;
        const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
        const email = { asTyped: 'a@example.com', deliverTo: 'a@example.com', key: 'a@example.com' };
        const read = mailVariables({
          lead: { email, fields: present as Record<string, string> },
          rules,
          language: 'en',
        });
        const mail = { name: body, language: 'en', subject: 'x', class: 'educational', html: body, text: body };
        const { text } = renderEmail('random', mail, read);
        expect(text, body).not.toMatch(/\[\s*\]|\[x\]|undefined|null|NaN|\{\{/);
      }),
      { numRuns: 2000 },
    );
    expect(checked).toBeGreaterThan(50);
  });
});
