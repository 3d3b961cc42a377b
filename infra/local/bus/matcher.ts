/** The comparison operators of event patterns: one matcher for each value that stands in a pattern's array. */
import { BlockList, isIP } from 'node:net';
import * as z from 'zod';

/** Accepts a leaf value of an event; `absent` accepts a field that is not there (`exists: false`). */
export type Matcher = ((value: unknown) => boolean) | 'absent';
type Test = (value: unknown) => boolean;

const Text = z.string();
const Texts = z.union([z.string(), z.array(z.string()).min(1)]).transform((value) => [value].flat());
const IgnoreCase = z.strictObject({ 'equals-ignore-case': Text });
const Affix = z.union([Text, IgnoreCase]);
const Literals = z.union([z.array(z.string()).min(1), z.array(z.number()).min(1)]);
const Comparison = z.enum(['=', '<', '<=', '>', '>=']);

/** How each operator reads its operand. The message of a zod error becomes part of the error that is thrown. */
const operators: Record<string, (operand: unknown) => Matcher> = {
  prefix: (operand) => affix(Affix.parse(operand), (value, start) => value.startsWith(start)),
  suffix: (operand) => affix(Affix.parse(operand), (value, end) => value.endsWith(end)),
  'equals-ignore-case': (operand) => equalsIgnoreCase(Text.parse(operand)),
  wildcard: (operand) => wildcard(Text.parse(operand)),
  'anything-but': anythingBut,
  numeric,
  exists: (operand) => (z.boolean().parse(operand) ? () => true : 'absent'),
  cidr: (operand) => cidr(Text.parse(operand)),
};

/** What may stand inside `anything-but`; each takes one text or a list. */
const exceptions: Record<string, (text: string) => Test> = {
  prefix: (text) => affix(text, (value, start) => value.startsWith(start)),
  suffix: (text) => affix(text, (value, end) => value.endsWith(end)),
  'equals-ignore-case': equalsIgnoreCase,
  wildcard,
};

/**
 * Compiles one value of a pattern's array: a literal, or an operator.
 * @param path where it stands, for the error.
 * @throws Error that names the path and the unknown operator or wrong operand.
 */
export function compileMatcher(value: unknown, path: string): Matcher {
  if (typeof value !== 'object' || value === null) return (candidate) => candidate === value;
  const [name, operand] = only(value, path);
  const operator = operators[name];
  if (!operator) throw new Error(`Event pattern is not valid at ${path}: unknown matcher "${name}"`);
  try {
    return operator(operand);
  } catch (error) {
    const why =
      error instanceof z.ZodError ? z.prettifyError(error) : String(error instanceof Error ? error.message : error);
    throw new Error(`Event pattern is not valid at ${path}: matcher "${name}": ${why}`);
  }
}

function only(value: object, path: string): [string, unknown] {
  const [entry, ...more] = Array.isArray(value) ? [] : Object.entries(value);
  if (!entry || more.length > 0)
    throw new Error(`Event pattern is not valid at ${path}: a matcher is an object with exactly one key`);
  return entry;
}

function affix(operand: z.infer<typeof Affix>, test: (value: string, part: string) => boolean): Test {
  if (typeof operand === 'string') return (value) => typeof value === 'string' && test(value, operand);
  const part = operand['equals-ignore-case'].toLowerCase();
  return (value) => typeof value === 'string' && test(value.toLowerCase(), part);
}

function equalsIgnoreCase(text: string): Test {
  const wanted = text.toLowerCase();
  return (value) => typeof value === 'string' && value.toLowerCase() === wanted;
}

/** `*` is any run of characters, `\*` and `\\` are themselves; consecutive stars and other escapes are refused. */
function wildcard(text: string): Test {
  const source = text.replace(/\\(.?)|\*+|[^\\*]+/gs, (part, escaped?: string) => {
    if (escaped !== undefined && escaped !== '*' && escaped !== '\\') throw new Error(`invalid escape "${part}"`);
    if (escaped === undefined && part.startsWith('*') && part.length > 1) throw new Error('consecutive wildcards');
    return part === '*' ? '.*' : (escaped ?? part).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  });
  const expression = new RegExp(`^${source}$`, 's');
  return (value) => typeof value === 'string' && expression.test(value);
}

function anythingBut(operand: unknown): Test {
  if (typeof operand === 'object' && operand !== null && !Array.isArray(operand)) {
    const [name, inner] = only(operand, 'anything-but');
    const exception = exceptions[name];
    if (!exception) throw new Error(`unknown matcher "${name}"`);
    const tests = Texts.parse(inner).map(exception);
    return (value) => !tests.some((test) => test(value));
  }
  const refused: unknown[] = Array.isArray(operand)
    ? Literals.parse(operand)
    : [z.union([z.string(), z.number()]).parse(operand)];
  return (value) => !refused.includes(value);
}

function numeric(operand: unknown): Test {
  const parts = z.array(z.unknown()).min(2).max(4).parse(operand);
  if (parts.length % 2 !== 0) throw new Error('takes pairs of a comparison and a number');
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index < parts.length; index += 2)
    tests.push(
      comparison(
        Comparison.parse(parts[index]),
        z
          .number()
          .min(-5e9)
          .max(5e9)
          .parse(parts[index + 1]),
      ),
    );
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function comparison(sign: z.infer<typeof Comparison>, limit: number): (value: number) => boolean {
  switch (sign) {
    case '=':
      return (value) => value === limit;
    case '<':
      return (value) => value < limit;
    case '<=':
      return (value) => value <= limit;
    case '>':
      return (value) => value > limit;
    case '>=':
      return (value) => value >= limit;
  }
}

function cidr(text: string): Test {
  const [address = '', bits = ''] = text.split('/');
  const family = isIP(address);
  if (family === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128))
    throw new Error(`"${text}" is not an address block`);
  const block = new BlockList();
  block.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return (value) => {
    const kind = typeof value === 'string' ? isIP(value) : 0;
    return kind === family && block.check(String(value), kind === 4 ? 'ipv4' : 'ipv6');
  };
}
