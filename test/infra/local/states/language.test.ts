import aslValidator from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { ASL_CASES } from './asl-cases.ts';
import type { AslCase } from './cases/asl-case.ts';
import { createWorld, jsonata } from './world.ts';

async function run({ machine, input = {}, functions = {}, advance = 0, hangs }: AslCase) {
  const world = createWorld(functions, { hangs });
  const execution = world.start(world.machine(machine), input);
  await world.advance(advance);
  return world.describe(execution);
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

  it('is understood by asl-validator in the same way: it finds each of these machines valid', () => {
    // One machine of them all, since the validator takes a tenth of a second each time.
    const Branches = ASL_CASES.map(({ name, machine }) => branchOf(machine, name));
    const all = jsonata({ All: { Type: 'Parallel', Branches, End: true } });
    const { errors } = aslValidator(all, { checkPaths: true, checkArn: true });
    expect(errors).toEqual([]);
  });
});

/**
 * A machine as a branch: only `StartAt` and `States`, and names that no other branch has. For `Output` the validator
 * takes objects and expressions only, where AWS takes any JSON; so other values are replaced.
 */
function branchOf(machine: object, prefix: string): object {
  const { StartAt, States } = JSON.parse(JSON.stringify(machine), (key, value) => {
    if (key === 'Output' && !isObjectOrExpression(value)) return '{% 1 %}';
    if (['StartAt', 'Next', 'Default'].includes(key)) return `${prefix}: ${value}`;
    if (key !== 'States') return value;
    return Object.fromEntries(Object.entries(value).map(([name, state]) => [`${prefix}: ${name}`, state]));
  });
  return { StartAt, States };
}

function isObjectOrExpression(value: unknown): boolean {
  if (typeof value === 'string') return value.startsWith('{%');
  return typeof value === 'object' && !Array.isArray(value);
}
