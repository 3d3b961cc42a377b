import { describe, expect, it } from 'vitest';
import { end, expression, REFUSED } from './cases/refused-definition.ts';
import { createWorld, jsonata, ROLE } from './world.ts';

const ACCEPTED: [name: string, source: string][] = [
  ['names within a path', '$states.input.a.b'],
  ['names within a predicate', '$states.input.items[value > 3].name'],
  ['names within a grouping', '$states.input.items{name: $sum(value)}'],
  ['names within a sort', '$states.input.items^(>price)'],
  ['the item of a predicate', '$states.input.items[$.value = 1]'],
  ['names within a step in brackets', '$states.input.(a & b)'],
  ['local variables', '($x := 1; $x + 1)'],
];

describe('the check of a definition', () => {
  it.each(REFUSED)('refuses %s', (_, definition, message) => {
    const text = typeof definition === 'string' ? definition : JSON.stringify(definition);
    const refusal = createWorld().refusal('CreateStateMachine', { name: 'm', definition: text, roleArn: ROLE });
    expect(refusal.code).toBe('InvalidDefinition');
    expect(refusal.message).toMatch(/^Invalid State Machine Definition: '/);
    expect(refusal.message).toContain(message);
  });

  it.each(ACCEPTED)('accepts %s', (_, source) => {
    expect(createWorld().machine(expression(source))).toContain(':stateMachine:');
  });

  it('lists all faults at once, each with its place', () => {
    const definition = JSON.stringify(jsonata({ A: { Type: 'Pass', Colour: 1 }, B: { Type: 'Nope' } }));
    const answer = createWorld().call('ValidateStateMachineDefinition', { definition });
    expect(answer).toMatchObject({ result: 'FAIL', truncated: false });
    expect(answer.diagnostics).toEqual([
      {
        severity: 'ERROR',
        code: 'SCHEMA_VALIDATION_FAILED',
        message: "Field 'Colour' is not supported",
        location: '/States/A/Colour',
      },
      {
        severity: 'ERROR',
        code: 'SCHEMA_VALIDATION_FAILED',
        message: "One of 'Next' and 'End' is required",
        location: '/States/A',
      },
      expect.objectContaining({ location: '/States/B/Type' }),
    ]);
  });

  it('says OK to a definition without fault', () => {
    const definition = JSON.stringify(jsonata({ A: end }));
    expect(createWorld().call('ValidateStateMachineDefinition', { definition })).toEqual({
      result: 'OK',
      diagnostics: [],
      truncated: false,
    });
  });
});
