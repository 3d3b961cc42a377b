/** Cases of the language: Choice states. */

import { jsonata } from '../world.ts';
import { type AslCase, ends, pass, rule } from './asl-case.ts';

export const choices: AslCase[] = [
  {
    name: 'Choice takes the first rule that holds',
    machine: jsonata({
      C: {
        Type: 'Choice',
        Choices: [rule('{% $states.input.n > 5 %}', 'No'), rule('{% $states.input.n > 1 %}', 'Yes')],
      },
      ...ends,
    }),
    input: { n: 3 },
    output: 'yes',
  },
  {
    name: 'Choice takes its default',
    machine: jsonata({ C: { Type: 'Choice', Choices: [rule('{% false %}', 'No')], Default: 'Yes' }, ...ends }),
    output: 'yes',
  },
  {
    name: 'Choice without a rule that holds fails',
    machine: jsonata({
      C: {
        Type: 'Choice',
        Choices: [rule("{% $states.input.o = 'a' %}", 'Yes'), rule("{% $states.input.o = 'b' %}", 'No')],
      },
      ...ends,
    }),
    input: { o: 'c' },
    error: 'States.NoChoiceMatched',
  },
  {
    name: 'a condition that is not a boolean fails',
    machine: jsonata({ C: { Type: 'Choice', Choices: [rule('{% 1 %}', 'Yes')], Default: 'No' }, ...ends }),
    error: 'States.QueryEvaluationError',
    cause: "'Choices[0]/Condition'",
  },
  {
    name: 'a rule assigns and gives an output',
    machine: jsonata({
      C: {
        Type: 'Choice',
        Choices: [rule('{% true %}', 'V', { Assign: { v: 1 }, Output: 'from the rule' })],
        Default: 'V',
      },
      V: pass({ Output: ['{% $v %}', '{% $states.input %}'] }),
    }),
    output: [1, 'from the rule'],
  },
  {
    name: 'Assign beside the rules applies to the default',
    machine: jsonata({
      C: { Type: 'Choice', Choices: [rule('{% false %}', 'V')], Default: 'V', Assign: { v: 1 } },
      V: pass({ Output: '{% $v %}' }),
    }),
    output: 1,
  },
  {
    name: 'Assign beside the rules applies to a rule that matches',
    machine: jsonata({
      C: { Type: 'Choice', Choices: [rule('{% true %}', 'V', { Assign: { w: 2 } })], Default: 'V', Assign: { v: 1 } },
      V: pass({ Output: ['{% $v %}', '{% $w %}'] }),
    }),
    output: [1, 2],
  },
];
