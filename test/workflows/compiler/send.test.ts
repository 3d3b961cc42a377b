/** When and how often mail may go out, as files say it. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../../workflows/compiler/compile.ts';
import { filesOf, readCase } from './folder.ts';

const base = filesOf('invalid/base');
const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri'];
const ALL = [...WEEK, 'sat', 'sun'];

const compiled = async (file: string, after: string, line: string) => {
  const change = `== change ${file}\n- ${after}\n+ ${after}\n+ ${line}\n`;
  const { definition, problems } = await compile(readCase(line, change, base).files, { today: '2027-01-01' });
  expect(problems).toEqual([]);
  return definition;
};

describe('the send rules of a workflow', () => {
  it.each([
    [
      'send: { window: { days: mon-fri, from: "08:00", to: "18:00" }, zone: lead, cap: { perDay: 1, perWeek: 2 } }',
      { window: { days: WEEK, from: '08:00', to: '18:00' }, zone: 'lead', cap: { perDay: 1, perWeek: 2 } },
    ],
    ['send: { window: { days: mon-fri } }', { window: { days: WEEK, from: '00:00', to: '24:00' }, zone: 'lead' }],
    ['send: { window: { from: "09:00" } }', { window: { days: ALL, from: '09:00', to: '24:00' }, zone: 'lead' }],
    [
      'send: { window: { from: "22:00", to: "06:00" }, zone: Asia/Bangkok }',
      { window: { days: ALL, from: '22:00', to: '06:00' }, zone: 'Asia/Bangkok' },
    ],
    ['send: { cap: { perWeek: 3 } }', { zone: 'lead', cap: { perWeek: 3 } }],
  ])('are read: %s', async (line, expected) => {
    const definition = await compiled('nurture/welcome.yaml', 'goal: { stage: sql }', line);
    expect(definition?.workflows.welcome?.send).toEqual(expected);
  });

  it('are none where the file has none', async () => {
    const { definition } = await compile(base, { today: '2027-01-01' });
    expect(definition?.workflows.welcome).not.toHaveProperty('send');
  });
});

describe('a promise beside a box', () => {
  it.each([
    ['2 per week', { perWeek: 2 }],
    ['1 per day', { perDay: 1 }],
  ])('of %s becomes a cap', async (text, expected) => {
    const definition = await compiled('forms/guide.yaml', '    field: agree', `    frequency: ${text}`);
    expect(definition?.forms.guide?.consent.marketing?.frequency).toEqual(expected);
  });
});

describe('sunset', () => {
  it.each([
    ['sunset: { slowAfter: 8 mails, stopAfter: 12 mails }', { slowAfter: 8, stopAfter: 12 }],
    ['sunset: { slowAfter: 1 mail }', { slowAfter: 1, stopAfter: 16 }],
    ['sunset: { stopAfter: 6 mails }', { slowAfter: 6, stopAfter: 6 }],
    ['sunset: {}', { slowAfter: 11, stopAfter: 16 }],
    ['sunset: never', undefined],
  ])('is read: %s', async (line, expected) => {
    const definition = await compiled('settings.yaml', 'zone: Asia/Bangkok', line);
    expect(definition?.settings.sunset).toEqual(expected);
  });
});
