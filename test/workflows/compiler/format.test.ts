import { describe, expect, it } from 'vitest';
import { formatProblems, githubAnnotations, summary } from '../../../workflows/compiler/format.ts';
import type { Problem } from '../../../workflows/compiler/problem.ts';

const problem: Problem = {
  severity: 'error',
  file: 'nurture/welcome.yaml',
  line: 2,
  column: 9,
  message: 'There is no email `stroy`.',
  nearest: 'story',
  hint: 'In emails/: news, story.',
};
const warning: Problem = { severity: 'warning', file: 'settings.yaml', line: 1, column: 1, message: 'No address.' };
const files = [{ path: 'nurture/welcome.yaml', content: 'steps:\n- send: stroy\n' }];

describe('problems', () => {
  it('are told with the line, a caret, the nearest name and a hint', () => {
    expect(formatProblems([problem, warning], files, { prefix: 'workflows/' })).toBe(
      [
        'workflows/nurture/welcome.yaml:2:9 error There is no email `stroy`.',
        '     2 | - send: stroy',
        '       |         ^',
        '  Did you mean `story`?',
        '  In emails/: news, story.',
        '',
        'workflows/settings.yaml:1:1 warning No address.',
        '',
        '1 error, 1 warning',
      ].join('\n'),
    );
  });

  it.each([
    ['\tx', 2, '\t^'],
    ['ผู้อ: x', 6, '   ^'],
    ['日本: x', 5, '      ^'],
  ])('set the caret under its letter in %j', (line, column, under) => {
    const at = { ...problem, line: 1, column };
    const [, , caret] = formatProblems([at], [{ path: problem.file, content: line }]).split('\n');
    expect(caret?.split('| ')[1]).toBe(under);
  });

  it('cut a long line around the caret', () => {
    const at = { ...problem, line: 1, column: 500 };
    const content = `${'a'.repeat(499)}X${'b'.repeat(500)}`;
    const [, text = '', caret = ''] = formatProblems([at], [{ path: problem.file, content }]).split('\n');
    expect(text.length).toBeLessThan(130);
    expect(text[caret.indexOf('^')]).toBe('X');
  });

  it('are told to GitHub beside the line', () => {
    expect(githubAnnotations([{ ...warning, message: '100 %\nof it' }, problem], 'workflows/')).toBe(
      [
        '::warning file=workflows/settings.yaml,line=1,col=1::100 %25%0Aof it',
        '::error file=workflows/nurture/welcome.yaml,line=2,col=9::There is no email `stroy`. Did you mean `story`? In emails/: news, story.',
      ].join('\n'),
    );
  });

  it('are counted', () => {
    expect(summary([])).toBe('no problems');
    expect(summary([problem, problem, warning])).toBe('2 errors, 1 warning');
  });
});
