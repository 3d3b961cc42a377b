import { describe, expect, it } from 'vitest';
import { compile } from '../../../workflows/compiler/compile.ts';
import { filesOf, readCase } from './folder.ts';

const base = filesOf('invalid/base');

/** Compiles the workflow `digest` with these steps. */
async function compiled(steps: string) {
  const text = `== file nurture/digest.yaml\nworkflow: digest\nsteps:\n${steps}`;
  const { definition, problems } = await compile(readCase('steps', text, base).files);
  const { first, steps: graph = {} } = definition?.workflows.digest ?? {};
  return { first, steps: Object.values(graph), problems, machine: definition?.machines.digest };
}

describe('steps', () => {
  it('makes one wait of two in a row, under the id of the first', async () => {
    const { first, steps } = await compiled('  - wait: 2 days\n  - wait: 36 hours\n  - send: news\n');
    expect(first).toBe('wait-1');
    expect(steps.map(({ id, title }) => [id, title])).toEqual([
      ['wait-1', 'Wait 84 hours'],
      ['news', 'Send news'],
    ]);
  });

  it('joins the wait at the end of a branch with the one that follows, and keeps that one for the other branch', async () => {
    const { steps } = await compiled(
      [
        '  - send: leaks',
        '  - choose:',
        '      - when: { grade: A }',
        '        then: [{ wait: 1 day }]',
        '      - otherwise: [{ send: story }]',
        '  - wait: 2 days',
        '  - send: news',
        '',
      ].join('\n'),
    );
    const waits = steps.filter(({ kind }) => kind === 'wait');
    expect(waits).toMatchObject([
      { id: 'choose-1-1-wait-1', title: 'Wait 3 days', for: 3 * 86_400_000, next: 'news' },
      { id: 'wait-1', title: 'Wait 2 days', for: 2 * 86_400_000, next: 'news' },
    ]);
  });

  it('leaves out a wait that nothing follows, so that a task ends every way', async () => {
    const { steps, problems } = await compiled('  - send: news\n  - wait: 2 days\n');
    expect(steps).toMatchObject([{ id: 'news', next: null }]);
    expect(problems).toHaveLength(1);
  });

  it('leads the end of a branch to the step after it, over several levels', async () => {
    const { steps } = await compiled(
      [
        '  - choose:',
        '      - when: { grade: A }',
        '        then:',
        '          - choose:',
        '              - when: { size: large }',
        '                then: [{ send: leaks }]',
        '  - send: news',
        '',
      ].join('\n'),
    );
    const next = Object.fromEntries(steps.map(({ id, next }) => [id, next]));
    expect(next).toEqual({ 'choose-1': 'news', 'choose-1-1-choose-1': 'news', leaks: 'news', news: null });
  });

  it('takes an id of its own, so that a mail can go out twice', async () => {
    const { steps, problems } = await compiled(
      '  - send: news\n  - wait: 30 days\n  - send: news\n    id: news-again\n',
    );
    expect(problems).toEqual([]);
    expect(steps.map(({ id, title }) => [id, title])).toEqual([
      ['news', 'Send news'],
      ['wait-1', 'Wait 30 days'],
      ['news-again', 'Send news (2)'],
    ]);
  });

  it('needs no branch where both ways of a wait lead to the same step', async () => {
    const { machine } = await compiled(
      '  - send: news\n  - waitFor: { stage: mql }\n    upTo: 3 days\n  - send: story\n',
    );
    expect(machine).toMatchObject({
      States: {
        'Wait for mql': { TimeoutSeconds: 259_200, Next: 'Send story' },
        'Look (Wait for mql)': { Next: 'Send story' },
      },
    });
  });

  it('costs two states a mail: the wait and the sending, with a hold beside them', async () => {
    const { machine } = await compiled('  - wait: 1 day\n  - send: news\n  - wait: 1 day\n  - send: story\n');
    expect(Object.keys(Object(Object(machine).States))).toEqual([
      'Start',
      // For later runs alone.
      'Until its step is due',
      'At its step',
      'Wait 1 day',
      'Send news',
      'Hold (Send news)',
      'Wait 1 day (2)',
      'Send story',
      'Hold (Send story)',
      'End',
    ]);
    expect(machine).toMatchObject({ States: { 'Send story': { End: true } } });
  });

  it('cuts a long title to what a state may be called', async () => {
    const event = `${'very-long-noun-of-somebody'}.${'happened-at-last-after-so-many-years'}`;
    const { steps, machine } = await compiled(
      `  - waitFor: { event: ${event} }\n    upTo: 1 day\n    then: [{ send: news }]\n  - send: story\n`,
    );
    expect(steps[0]?.title.length).toBeLessThanOrEqual(80);
    for (const name of Object.keys(Object(Object(machine).States))) expect(name.length).toBeLessThanOrEqual(80);
  });
});
