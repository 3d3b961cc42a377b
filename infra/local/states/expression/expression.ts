/**
 * One JSONata expression of a definition: parsed once, evaluated often. Step Functions has JSONata 2.0.6 without
 * `$eval`, with functions of its own, and with the engine's clock for `$now` and `$millis`.
 */
import jsonata from 'jsonata';
import { queryFailure } from '../failure.ts';
import { type Json, toJson } from '../json.ts';
import { FUNCTIONS } from './functions.ts';
import { type Bindings, quickPath, SLOW } from './quick.ts';
import { faultOfReferences, type Restricted } from './references.ts';

/** AWS stops an expression after one second; a laptop that is short of breath gets five before it is called endless. */
const EVALUATION_MS = 5_000;
const DEPTH = 1_000;

/** Gives the milliseconds of the engine's clock. */
export type Now = () => number;

export interface Expression {
  readonly source: string;
  /**
   * The value, at once where the short cut knows it.
   * @throws StateFailure States.QueryEvaluationError, also where the expression has no value
   */
  evaluate(bindings: Bindings, now: Now): Json | Promise<Json>;
}

export class ExpressionFault extends Error {
  readonly code: 'INVALID_JSONATA_EXPRESSION' | 'UNSUPPORTED_JSONATA_EXPRESSION';
  constructor(code: ExpressionFault['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * @param location the field within its state, as AWS names it: `Arguments/Payload/id`
 * @throws ExpressionFault when it does not parse, or refers to what the field does not have
 */
export function compileExpression(source: string, location: string, allowed: readonly Restricted[]): Expression {
  const parsed = parse(source);
  const ast = parsed.ast();
  const fault = faultOfReferences(ast, allowed);
  if (fault) throw new ExpressionFault('UNSUPPORTED_JSONATA_EXPRESSION', fault);
  const quick = quickPath(ast);
  const slow = (bindings: Bindings, now: Now) => evaluateSlowly(parsed, source, location, bindings, now);
  return {
    source,
    evaluate(bindings, now) {
      const value = quick ? quick(bindings) : SLOW;
      if (value === SLOW) return slow(bindings, now);
      if (value === undefined) throw nothing(source, location);
      // What is bound came out of JSON and is never changed, so a part of it needs no copy.
      return value as Json;
    },
  };
}

function parse(source: string): jsonata.Expression {
  try {
    const parsed = jsonata(source, { timeout: EVALUATION_MS, stack: DEPTH });
    for (const [name, run] of Object.entries(FUNCTIONS)) parsed.registerFunction(name, run);
    parsed.assign('eval', undefined);
    return parsed;
  } catch (error) {
    throw new ExpressionFault('INVALID_JSONATA_EXPRESSION', messageOf(error));
  }
}

async function evaluateSlowly(
  parsed: jsonata.Expression,
  source: string,
  location: string,
  bindings: Bindings,
  now: Now,
): Promise<Json> {
  let value: Json | undefined;
  try {
    const result: unknown = await parsed.evaluate(undefined, { ...clockFunctions(now()), ...bindings });
    value = result === undefined ? undefined : toJson(result);
  } catch (error) {
    const cause = `The JSONata expression '${source}' specified for the field '${location}' threw an error during evaluation. ${messageOf(error)}`;
    throw queryFailure(cause, location);
  }
  if (value === undefined) throw nothing(source, location);
  return value;
}

function nothing(source: string, location: string) {
  const cause = `The JSONata expression '${source}' specified for the field '${location}' returned nothing (undefined).`;
  return queryFailure(cause, location);
}

/** `$now` and `$millis` say the same moment throughout one evaluation. */
function clockFunctions(at: number) {
  return {
    millis: () => at,
    now: (picture?: string, zone?: string) =>
      picture === undefined ? new Date(at).toISOString() : formatted.evaluate(undefined, { at, picture, zone }),
  };
}
const formatted = jsonata('$fromMillis($at, $picture, $zone)');

/** JSONata throws plain objects with a code and a message. */
function messageOf(error: unknown): string {
  const { code, message } = Object(error);
  if (typeof message !== 'string') return String(error);
  return typeof code === 'string' ? `${code}: ${message}` : message;
}
