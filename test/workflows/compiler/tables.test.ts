import { describe, expect, it } from 'vitest';
import { compile } from '../../../workflows/compiler/compile.ts';
import { durationText, parseDuration } from '../../../workflows/compiler/duration.ts';
import { filesOf, readCase } from './folder.ts';

const SECOND = 1000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

describe('a duration', () => {
  it.each([
    ['90 seconds', 90 * SECOND],
    ['1 second', SECOND],
    ['15 minutes', 900 * SECOND],
    ['4 hours', 4 * HOUR],
    ['1.5 hours', 1.5 * HOUR],
    ['2 days', 2 * DAY],
    ['1 day', DAY],
    ['3 weeks', 21 * DAY],
    [' 2  days ', 2 * DAY],
  ])('reads %j', (text, value) => {
    expect(parseDuration(text)).toEqual({ value });
  });

  it.each([
    ['2d', '2 days'],
    ['2days', '2 days'],
    ['3 dyas', '3 days'],
    ['1 month', '30 days'],
    ['2 h', '2 hours'],
    [2, '2 days'],
  ])('does not read %j, and knows what is meant', (text, nearest) => {
    expect(parseDuration(text)).toMatchObject({ params: { nearest } });
  });

  it.each(['', 'soon', '-2 days', '0 days', 'P2D', '2 days ago', null, ['2 days'], '99999999 weeks'])(
    'does not read %j',
    (text) => {
      expect(parseDuration(text)).toHaveProperty('wrong');
    },
  );

  it.each([
    [2 * DAY, '2 days'],
    [14 * DAY, '14 days'],
    [36 * HOUR, '36 hours'],
    [90 * SECOND, '90 seconds'],
    [HOUR, '1 hour'],
  ])('writes %d', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});

const base = filesOf('invalid/base');

describe('a condition', () => {
  it.each([
    ['{ problem: tax }', { kind: 'field', field: 'problem', test: { oneOf: ['tax'] } }],
    ['{ size: [small, large] }', { kind: 'field', field: 'size', test: { oneOf: ['small', 'large'] } }],
    ['{ seats: ">= 20" }', { kind: 'field', field: 'seats', test: { compare: '>=', than: 20 } }],
    ['{ seats: 20 }', { kind: 'field', field: 'seats', test: { oneOf: [20] } }],
    ['{ fit: "< 3.5" }', { kind: 'fit', test: { compare: '<', than: 3.5 } }],
    ['{ engagement: "!= 0" }', { kind: 'engagement', test: { compare: '!=', than: 0 } }],
    ['{ conversions: ">=1" }', { kind: 'conversions', test: { compare: '>=', than: 1 } }],
    ['{ stage: [mql, sql] }', { kind: 'stage', test: { oneOf: ['mql', 'sql'] } }],
    ['{ grade: A }', { kind: 'grade', test: { oneOf: ['A'] } }],
    ['{ emailStatus: [verified, unknown] }', { kind: 'emailStatus', test: { oneOf: ['verified', 'unknown'] } }],
    ['{ emailDomain: [free-mail, rivals] }', { kind: 'emailDomain', lists: ['free-mail', 'rivals'] }],
    ['{ consent: marketing }', { kind: 'consent', purpose: 'marketing' }],
    ['{ handRaise: true }', { kind: 'handRaise', is: true }],
    ['{ handoff: [accepted, won] }', { kind: 'handoff', test: { oneOf: ['accepted', 'won'] } }],
    ['{ not: { grade: D } }', { kind: 'not', of: { kind: 'grade', test: { oneOf: ['D'] } } }],
    [
      '{ grade: A, fit: "> 2" }',
      {
        kind: 'all',
        of: [
          { kind: 'grade', test: { oneOf: ['A'] } },
          { kind: 'fit', test: { compare: '>', than: 2 } },
        ],
      },
    ],
    [
      '{ any: [{ handRaise: true }, { all: [{ grade: A }] }] }',
      {
        kind: 'any',
        of: [
          { kind: 'handRaise', is: true },
          { kind: 'all', of: [{ kind: 'grade', test: { oneOf: ['A'] } }] },
        ],
      },
    ],
  ])('reads %s', async (text, condition) => {
    const goal = `== change nurture/welcome.yaml\n- goal: { stage: sql }\n+ goal: ${text}\n`;
    // A branch that the goal does not make dead.
    const change = `${goal}== change nurture/welcome.yaml\n- { size: large }\n+ { jobTitle: nurse }\n`;
    const { definition, problems } = await compile(readCase(text, change, base).files);
    expect(problems).toEqual([]);
    expect(definition?.workflows.welcome?.goal).toEqual(condition);
  });

  it.each([
    ['{ on: page.viewed, where: { category: pricing } }', { oneOf: ['pricing'] }],
    ['{ on: webinar.attended, where: { minutes: ">= 20" } }', { compare: '>=', than: 20 }],
    ['{ on: page.viewed, where: { status: [404, 500] } }', { oneOf: [404, 500] }],
  ])('reads what an event must have: %s', async (text, test) => {
    const change = `== change nurture/digest.yaml\n- { again: always }\n+ ${text}\n`;
    const { definition } = await compile(readCase(text, change, base).files);
    expect(definition?.workflows.digest?.enrol).toMatchObject({ on: 'event', where: { kind: 'property', test } });
  });
});

describe('when a workflow starts', () => {
  it.each([
    ['enrol: { on: demo.requested }', { on: 'event', event: 'demo.requested', again: 'never' }],
    ['enrol: { on: { stage: mql }, again: always }', { on: 'stage', stage: 'mql', again: 'always' }],
    ['enrol: { again: after 2 weeks }', { on: 'call', again: { after: 14 * DAY } }],
    ['keepAt: sql', { on: 'call', again: 'never' }],
  ])('reads %s', async (text, enrol) => {
    const change = `== change nurture/digest.yaml\n- enrol: { again: always }\n+ ${text}\n`;
    const { definition, problems } = await compile(readCase(text, change, base).files);
    expect(problems).toEqual([]);
    expect(definition?.workflows.digest?.enrol).toEqual(enrol);
  });

  it.each([
    ['mon-fri', ['mon', 'tue', 'wed', 'thu', 'fri']],
    ['sat', ['sat']],
    ['fri-mon', ['mon', 'fri', 'sat', 'sun']],
    ['[wed, mon-tue]', ['mon', 'tue', 'wed']],
  ])('reads the days %s', async (text, days) => {
    const change = `== change handoff.yaml\n- mon-fri\n+ ${text}\n`;
    const { definition } = await compile(readCase(text, change, base).files);
    expect(definition?.handoff.answer.hours.days).toEqual(days);
  });
});
