import { describe, expect, it } from 'vitest';
import { readColumns } from '../../functions/lead/import-columns.ts';
import { readImportRow } from '../../functions/lead/import-row.ts';
import { exampleRules } from './example-rules.ts';

const NOW = '2027-03-01T02:00:00.000Z';
const rules = {
  ...exampleRules,
  settings: { ...exampleRules.settings, staffDomains: ['ours.example'], languages: ['en', 'vi'] },
};

const columnsOf = (header: string[]) => {
  const columns = readColumns(header, rules);
  if ('refused' in columns) throw new Error(columns.refused);
  return columns;
};

/** A row of these cells by the names of their columns. */
const row = (cells: Record<string, string>, facts = {}) =>
  readImportRow(Object.values(cells), columnsOf(Object.keys(cells)), rules, { file: 'f', row: 7, now: NOW, ...facts });

const EVIDENCE = {
  consent: 'marketing',
  consent_text: 'I agree to get advice by email.',
  consent_at: '2025-06-01T09:00:00+07:00',
  consent_source: 'https://www.example.org/guide',
};

describe('the columns of an import', () => {
  it.each([['email'], ['Email'], ['E-mail'], [' e_mail '], ['EMAIL ADDRESS']])(
    'find the address under “%s”',
    (name) => {
      expect(columnsOf([name]).columns).toEqual([{ own: 'email' }]);
    },
  );

  it('find fields whatever their case, spaces and hyphens, and set aside what nobody knows, with a hint', () => {
    const { columns, setAside, hints } = columnsOf([
      'email',
      'Company Size',
      'consent-text',
      'CRM id',
      'consent_txt',
      '',
    ]);
    expect(columns.map((column) => column && ('own' in column ? column.own : column.field))).toEqual([
      'email',
      'companySize',
      'consent_text',
      undefined,
      undefined,
      undefined,
    ]);
    expect(setAside).toEqual(['CRM id', 'consent_txt']);
    expect(hints).toEqual(['consent_txt: did you mean consent_text?']);
  });

  it.each([
    [['name', 'phone'], 'The file has no column “email”: its first row must name the columns.'],
    [['a@b.example', 'Ada'], 'The file has no column “email”: its first row must name the columns.'],
    [['email', 'E-Mail'], 'Two columns are called email.'],
  ])('%j are refused: %s', (header, refused) => {
    expect(readColumns(header, rules)).toEqual({ refused });
  });
});

describe('a row of an import', () => {
  it('becomes a lead with its fields cleaned as a form cleans them, and its consent as evidence', () => {
    const read = row(
      {
        email: ' Ada@Company.Example ',
        name: '  Nguyễn  Thị Hương ',
        companySize: '10 – 49',
        language: 'vi-VN',
        source: 'fair',
        ...EVIDENCE,
      },
      { list: 'fair-2025' },
    );
    expect(read).toEqual({
      email: { asTyped: 'Ada@Company.Example', deliverTo: 'Ada@company.example', key: 'ada@company.example' },
      happening: {
        key: 'import:f:7',
        type: 'lead.imported',
        at: '2025-06-01T02:00:00.000Z',
        actor: 'human',
        data: { list: 'fair-2025' },
        fields: { name: 'Nguyễn Thị Hương', companySize: '10-49' },
        source: { channel: 'fair' },
        language: 'vi',
        consent: [
          {
            purpose: 'marketing',
            action: 'granted',
            method: 'import',
            text: 'I agree to get advice by email.',
            textHash: expect.stringMatching(/^[0-9a-f]{64}$/),
            source: 'https://www.example.org/guide',
          },
        ],
      },
    });
  });

  it('without consent becomes a lead that nobody mails', () => {
    expect(row({ email: 'a@b.example', consent: 'no' })).toMatchObject({
      happening: { at: NOW, source: { channel: 'import' } },
    });
    expect(row({ email: 'a@b.example' })).not.toHaveProperty('happening.consent');
  });

  it.each(['No', 'Không'.normalize('NFD'), 'ไม่ใช่', 'ไม่ยินยอม', 'off', 'N/A', 'null', '-'])(
    'claims no consent by “%s”, whatever its other columns hold',
    (consent) => {
      expect(row({ email: 'a@b.example', ...EVIDENCE, consent })).not.toHaveProperty('happening.consent');
    },
  );

  it.each(['Yes', 'Có'.normalize('NFD'), 'ใช่', 'x', 'TRUE'])('claims consent to marketing by “%s”', (consent) => {
    expect(row({ email: 'a@b.example', ...EVIDENCE, consent })).toMatchObject({
      happening: { consent: [{ purpose: 'marketing' }] },
    });
  });

  it('keeps the promise, the language and the proof of its consent', () => {
    const read = row({
      email: 'a@b.example',
      ...EVIDENCE,
      consent_per_week: '2',
      consent_language: 'vi',
      consent_proof: 'scan-17.pdf',
    });
    expect(read).toMatchObject({
      happening: { consent: [{ frequency: { perWeek: 2 }, language: 'vi', proof: 'scan-17.pdf' }] },
    });
  });

  it.each([
    ['unsubscribed', 'email.unsubscribed', { stopped: { reason: 'unsubscribed', at: '2024-05-05T23:59:59.999Z' } }],
    ['Opted-out', 'email.unsubscribed', { stopped: { reason: 'unsubscribed' } }],
    ['bounced', 'email.bounced', { suppressed: { reason: 'bounced' }, stopped: { reason: 'bounced' } }],
    ['cleaned', 'email.bounced', { suppressed: { reason: 'bounced' } }],
    ['Complained', 'email.complained', { suppressed: { reason: 'complained' }, stopped: { reason: 'complained' } }],
  ])('of the status %s keeps a no', (status, type, keeps) => {
    expect(row({ email: 'info@ours.example', status, status_at: '2024-05-05' })).toMatchObject({
      happening: { type, at: '2024-05-05T23:59:59.999Z' },
      keeps,
    });
  });

  it('that stopped today did so by now', () => {
    expect(row({ email: 'a@b.example', status: 'unsubscribed', status_at: '2027-03-01' })).toMatchObject({
      happening: { at: NOW },
    });
  });

  it.each<[string, Record<string, string>, string | RegExp]>([
    ['no address', { email: '', name: 'Ada' }, 'The address is not accepted: it is empty.'],
    ['a broken address', { email: 'ada.example' }, 'The address is not accepted: it has no @.'],
    [
      'an endless address',
      { email: `${'x'.repeat(3000)}@corp.vn` },
      'The address is not accepted: it is longer than 254 characters.',
    ],
    ['an address of the own staff', { email: 'an@mail.ours.example' }, 'The own staff are no leads.'],
    [
      'a role without consent',
      { email: 'info@b.example' },
      'The address is of a role (such as info@): it is taken with evidence of consent alone.',
    ],
    [
      'consent without wording',
      { email: 'a@b.example', ...EVIDENCE, consent_text: '' },
      'Consent without evidence: the column consent_text is empty.',
    ],
    [
      'consent without time',
      { email: 'a@b.example', ...EVIDENCE, consent_at: ' ' },
      'Consent without evidence: the column consent_at is empty.',
    ],
    [
      'consent without source',
      { email: 'a@b.example', ...EVIDENCE, consent_source: '' },
      'Consent without evidence: the column consent_source is empty.',
    ],
    [
      'evidence of what is not said',
      { email: 'a@b.example', consent: '', consent_text: 'I agree.' },
      'Consent without evidence: the column consent_at is empty.',
    ],
    [
      'a purpose that nobody knows',
      { email: 'a@b.example', ...EVIDENCE, consent: 'profiling' },
      'The column consent must be one of marketing, or no.',
    ],
    [
      'a consent to come',
      { email: 'a@b.example', ...EVIDENCE, consent_at: '2027-03-02' },
      /^The column consent_at must be a past day/,
    ],
    [
      'an ambiguous date',
      { email: 'a@b.example', ...EVIDENCE, consent_at: '01/03/2026' },
      /^The column consent_at must be a past day/,
    ],
    [
      'a time without zone',
      { email: 'a@b.example', ...EVIDENCE, consent_at: '2026-03-01T09:00' },
      /^The column consent_at/,
    ],
    ['a day that is none', { email: 'a@b.example', at: '2026-06-31' }, /^The column at must be/],
    ['a day before mail', { email: 'a@b.example', at: '1900-01-01' }, /^The column at must be/],
    [
      'a promise that is none',
      { email: 'a@b.example', ...EVIDENCE, consent_per_day: 'often' },
      'A promised number of mails must be a whole number from 1 to 99.',
    ],
    [
      'a status that is none',
      { email: 'a@b.example', status: 'maybe' },
      'The column status must be lead, unsubscribed, bounced or complained.',
    ],
    [
      'a value that is none of the choices',
      { email: 'a@b.example', companySize: 'huge' },
      /^Company size must be one of/,
    ],
    ['markup for a name', { email: 'a@b.example', name: '<b>Ada</b>' }, 'Name must not hold < or >.'],
    [
      'a language that is none',
      { email: 'a@b.example', language: '12' },
      'The column language must be a language tag, such as vi or en.',
    ],
    [
      'a formula',
      { email: 'a@b.example', name: '=HYPERLINK("https://x.example")' },
      'The column name holds a formula.',
    ],
    [
      'a formula behind a plus',
      { email: 'a@b.example', name: "+cmd|' /C calc'!A0" },
      'The column name holds a formula.',
    ],
    ['a formula behind an at sign', { email: 'a@b.example', name: '@SUM(1+1)' }, 'The column name holds a formula.'],
    ['a guarded formula', { email: 'a@b.example', name: "'=1+1" }, 'The column name holds a formula.'],
    ['half a character', { email: 'a@b.example', name: '\ud800' }, 'The row holds characters that are not valid.'],
  ])('with %s is refused', (_, cells, reason) => {
    expect(row(cells)).toEqual({
      refused: expect.stringMatching(typeof reason === 'string' ? literal(reason) : reason),
    });
  });

  it('says no value of the row in its reasons', () => {
    expect(JSON.stringify(row({ email: 'a@b.example', companySize: 'secret-thing' }))).not.toContain('secret');
  });

  it.each([
    ["'+84 912 345 678", '+84912345678'],
    ['+84 (0)912 345 678', '+84912345678'],
  ])('reads the guarded or bracketed number %s', (phone, expected) => {
    expect(row({ email: 'a@b.example', phone })).toMatchObject({ happening: { fields: { phone: expected } } });
  });

  it('takes a role with evidence', () => {
    expect(row({ email: 'lienhe@b.example', ...EVIDENCE })).toHaveProperty('happening.consent');
  });

  it('that is blank is no row, and one that is too long is refused', () => {
    const columns = columnsOf(['email', 'name']);
    const facts = { file: 'f', row: 2, now: NOW };
    expect(readImportRow(['', ' ', ''], columns, rules, facts)).toEqual({ blank: true });
    expect(readImportRow(['a@b.example'], columns, rules, facts)).toHaveProperty('happening');
    expect(readImportRow(['a@b.example', 'Ada', 'x'], columns, rules, facts)).toEqual({
      refused: 'The row has more cells than the header has columns.',
    });
  });
});

const literal = (text: string): RegExp => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
