import { describe, expect, it } from 'vitest';
import { choiceHappening, isOffered, readChoice } from '../../functions/lead/choice.ts';
import { LeadTable } from './lead-table.ts';

const NOW = '2027-03-02T02:00:00.000Z';
const settings = { topics: { tips: { en: 'Tips' }, events: { en: 'Events' } }, languages: ['en', 'vi'] };
const read = (fields: Record<string, string[]>) => readChoice(fields, settings, NOW);

describe('a choice', () => {
  it.each<[string, Record<string, string[]>, object]>([
    ['nothing posted: no topic is wanted', {}, { preferences: { topicsOff: ['tips', 'events'] } }],
    ['all topics', { topic: ['tips', 'events'] }, { preferences: { topicsOff: [] } }],
    ['one topic, and one that there is not', { topic: ['tips', 'cats'] }, { preferences: { topicsOff: ['events'] } }],
    [
      'as agreed',
      { topic: ['tips', 'events'], frequency: ['agreed'] },
      { preferences: { topicsOff: [], frequency: null } },
    ],
    [
      'fewer',
      { topic: ['tips', 'events'], frequency: ['1'] },
      { preferences: { topicsOff: [], frequency: { perWeek: 1 } } },
    ],
    [
      'a pause of 30 days',
      { topic: ['tips', 'events'], pause: ['30'] },
      { preferences: { topicsOff: [], pausedUntil: '2027-04-01T02:00:00.000Z' } },
    ],
    ['the pause as it is', { topic: ['tips', 'events'], pause: ['keep'] }, { preferences: { topicsOff: [] } }],
    ['a language', { topic: ['tips', 'events'], language: ['vi'] }, { preferences: { topicsOff: [] }, language: 'vi' }],
    [
      'a language that there is not',
      { topic: ['tips', 'events'], language: ['fr'] },
      { preferences: { topicsOff: [] } },
    ],
  ])('%s', (_, fields, choice) => {
    expect(read(fields)).toEqual(choice);
  });

  it.each<[string, Record<string, string[]>, boolean]>([
    ['nothing', {}, true],
    ['what is left as it is', { frequency: [''], pause: ['keep'] }, true],
    ['all that there is', { topic: ['tips'], frequency: ['agreed'], pause: ['none'], language: ['vi'] }, true],
    ['a topic that there is not', { topic: ['tips', 'cats'] }, false],
    ['a frequency that there is not', { frequency: ['3'] }, false],
    ['a pause that there is not', { pause: ['7'] }, false],
    ['a language that there is not', { language: ['fr'] }, false],
    ['the name of a method', { pause: ['constructor'] }, false],
  ])('of %s is one that the page offers: %s', (_, fields, offered) => {
    expect(isOffered(fields, settings)).toBe(offered);
  });

  it('leaves topics alone where the settings have none', () => {
    expect(readChoice({}, { ...settings, topics: {} }, NOW)).toEqual({ preferences: {} });
  });

  it('is an act only where it changes something', () => {
    const { lead } = new LeadTable();
    expect(
      choiceHappening(lead, { preferences: { topicsOff: [], frequency: null, pausedUntil: null } }, NOW),
    ).toBeUndefined();
    const chosen = { ...lead, language: 'vi', preferences: { topicsOff: ['b', 'a'] } };
    expect(choiceHappening(chosen, { preferences: { topicsOff: ['a', 'b'] }, language: 'vi' }, NOW)).toBeUndefined();
    expect(choiceHappening(chosen, { preferences: {}, language: 'en' }, NOW)).toMatchObject({
      language: 'en',
      preferences: {},
    });
    const over = { ...lead, preferences: { pausedUntil: '2027-03-01T00:00:00.000Z' } };
    expect(choiceHappening(over, { preferences: { pausedUntil: null } }, NOW)).toBeUndefined();
  });
});
