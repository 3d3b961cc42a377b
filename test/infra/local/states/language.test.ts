import aslValidator from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { ASL_CASES, type AslCase } from './asl-cases.ts';
import { createWorld } from './world.ts';

async function run({ machine, input = {}, functions = {}, advance = 0, hangs }: AslCase) {
  const world = createWorld(functions, { hangs });
  const execution = world.start(world.machine(machine), input);
  await world.advance(advance);
  return world.describe(execution);
}

/**
 * The validator writes defaults into what it is given, hence a copy. For `Output` it takes objects and expressions only,
 * where AWS takes any JSON; so other values are replaced.
 */
function copyForValidator(machine: object) {
  return JSON.parse(
    JSON.stringify(machine, (key, value) => (key === 'Output' && !isObjectOrExpression(value) ? '{% 1 %}' : value)),
  );
}

function isObjectOrExpression(value: unknown): boolean {
  if (typeof value === 'string') return value.startsWith('{%');
  return typeof value === 'object' && !Array.isArray(value);
}

describe('the Amazon States Language in JSONata mode', () => {
  it.each(ASL_CASES)('$name', async (each) => {
    const { status, output, error, cause } = await run(each);
    const expected = each.status ?? (each.error === undefined ? 'SUCCEEDED' : 'FAILED');
    expect({ status, error, cause: expected === 'FAILED' ? undefined : cause }).toEqual({
      status: expected,
      error: each.error,
      cause: undefined,
    });
    if (each.cause !== undefined) expect(cause).toContain(each.cause);
    if ('output' in each) expect(JSON.parse(String(output))).toEqual(each.output);
  });

  it.each(ASL_CASES)('asl-validator agrees that the machine is valid: $name', ({ machine }) => {
    const { errors } = aslValidator(copyForValidator(machine), { checkPaths: true, checkArn: true });
    expect(errors).toEqual([]);
  });
});
