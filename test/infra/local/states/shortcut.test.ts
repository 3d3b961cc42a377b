import * as fc from 'fast-check';
import jsonataPackage from 'jsonata';
import { describe, expect, it } from 'vitest';
import { quickPath, SLOW } from '../../../../infra/local/states/expression/quick.ts';

const name = fc.constantFrom('a', 'b', 'input', 'result', 'constructor', '__proto__', 'length');
const leaf = fc.oneof(
  fc.string({ maxLength: 3 }),
  fc.integer({ min: -2, max: 2 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'input', 'result'), tie('json'), { maxKeys: 3 }),
  ),
}));
const path = fc
  .tuple(fc.constantFrom('$x', '$states', '$unbound', '$string'), fc.array(name, { maxLength: 3 }))
  .map(([root, names]) => [root, ...names.map((each) => `\`${each}\``)].join('.'));
const literal = fc.constantFrom("'a'", "''", '1', '0', 'true', 'false', 'null');
const operand = fc.oneof(path, literal);
const comparison = fc.tuple(operand, fc.constantFrom('=', '!='), operand).map((parts) => parts.join(' '));
const source = fc.oneof(
  operand,
  comparison,
  fc.tuple(comparison, fc.constantFrom('and', 'or'), fc.oneof(comparison, operand)).map((parts) => parts.join(' ')),
);

describe('the short cut around the jsonata package', () => {
  it('answers what the package answers, or nothing', async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(source, json, json, async (text, x, states) => {
        const expression = jsonataPackage(text);
        const quick = quickPath(expression.ast());
        const bindings = { x, states: { input: states, context: { a: states } } };
        const answer = quick ? quick(bindings) : SLOW;
        if (answer === SLOW) return;
        taken += 1;
        const expected: unknown = await expression.evaluate(undefined, bindings);
        expect(answer === undefined ? 'nothing' : JSON.stringify(answer)).toBe(
          expected === undefined ? 'nothing' : JSON.stringify(expected),
        );
      }),
      { numRuns: 3000 },
    );
    // Otherwise the property would hold for a short cut that is never taken.
    expect(taken).toBeGreaterThan(1000);
  });

  it.each(['$states.input.a', '$x', "$outcome = 'then'", '$states.result.Payload.due', '$states.context.Task.Token'])(
    'is taken by %s',
    (text) => {
      expect(quickPath(jsonataPackage(text).ast())).toBeDefined();
    },
  );

  it.each(['$states.input.a[0]', '$states.input.*', '$states.input{a: b}', '$x.a[]', '$f($x)', '$states'])(
    'leaves %s to the package',
    (text) => {
      expect(quickPath(jsonataPackage(text).ast())).toBeUndefined();
    },
  );
});
