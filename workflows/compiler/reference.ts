/** The reference page of the language: each key with its meaning, its default and an example, made of the shapes. */
import { stringify } from 'yaml';
import { FILE_KINDS, FILES, type FileKind, jsonSchemaOf, type Schema } from './json-schema.ts';
import type { Told } from './told.ts';

/** One key of the language. */
export interface Row extends Told {
  /** From the top of its section; `NAME` stands for a name of one's own, `[]` for an entry of a list. */
  path: string[];
}

export interface Section {
  title: string;
  /** What the keys are keys of: a kind of file, a step of a kind, or a condition. */
  of: { file: FileKind } | { step: string } | { condition: true };
  rows: Row[];
}

const TOLD = 'x-told';

/** All sections: the files, then the steps, then conditions. */
export function sections(): Section[] {
  const schemas = new Map(
    FILE_KINDS.map((kind) => [kind, jsonSchemaOf(kind, (schema, told) => Object.assign(schema, { [TOLD]: told }))]),
  );
  const files = FILE_KINDS.map(
    (kind): Section => ({
      title: `${FILES[kind].title}: \`${FILES[kind].where}\``,
      of: { file: kind },
      rows: rowsOf(schemas.get(kind) ?? {}, []),
    }),
  );
  const workflow = schemas.get('nurture') ?? {};
  const step = resolved(resolved(workflow.properties?.steps, workflow)?.items, workflow);
  const kinds = (step?.anyOf ?? []).map((each) => resolved(each, workflow) ?? {});
  const steps = kinds.map((kind): Section => {
    const name = Object.keys(kind.properties ?? {})[0] ?? '';
    return { title: `The step \`${name}\``, of: { step: name }, rows: rowsOf(kind, []) };
  });
  const condition = resolved(workflow.properties?.goal, workflow) ?? {};
  return [...files, ...steps, { title: 'Conditions', of: { condition: true }, rows: rowsOf(condition, []) }];
}

/** Follows references, and what only wraps one. */
function resolved(schema: Schema | undefined, root: Schema): Schema | undefined {
  const only = schema?.allOf?.length === 1 && !schema.properties ? schema.allOf[0] : undefined;
  if (only) return resolved(only, root);
  if (schema?.$ref === undefined) return schema;
  const parts = schema.$ref.replace('#/', '').split('/');
  const target = parts.reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], root);
  return resolved(target as Schema | undefined, root);
}

/** The keys of a mapping and of the mappings in it. Steps and conditions have sections of their own. */
function rowsOf(schema: Schema, path: string[]): Row[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const told = value[TOLD] as Told | undefined;
    return [...(told ? [{ ...told, path: [...path, key] }] : []), ...rowsOf(value, [...path, key])];
  });
  const named = schema.additionalProperties ? rowsOf(schema.additionalProperties, [...path, 'NAME']) : [];
  const items = schema.items ? rowsOf(schema.items, [...path, '[]']) : [];
  const ways = [...(schema.anyOf ?? []), ...(schema.allOf ?? [])].flatMap((each) => rowsOf(each, path));
  return unique([...own, ...named, ...items, ...ways]);
}

function unique(rows: Row[]): Row[] {
  const seen = new Set<string>();
  return rows.filter(({ path }) => !seen.has(path.join('.')) && seen.add(path.join('.')));
}

const INTRO = `# The definition language

Every key that a file in this folder may hold. This page is made of the code that reads the files (\`npx ripen schema\`);
each example on it is compiled by a test. \`NAME\` stands for a name of your own, \`[]\` for an entry of a list.

Durations are written \`90 seconds\`, \`15 minutes\`, \`4 hours\`, \`2 days\`, \`3 weeks\`. Times of the day stand in quotes.
Begin a file with the line \`# yaml-language-server: $schema=../schema/nurture.json\` (or \`form\`, \`scoring\`, \`handoff\`,
\`settings\`), and an editor completes and checks while you type.
`;

/** The page, as Markdown. */
export function referencePage(): string {
  const parts = sections().map(({ title, rows }) => {
    const lines = rows.map(
      ({ path, is, otherwise = 'must be given', example }) =>
        `| \`${keyText(path)}\` | ${cell(is)} | ${cell(otherwise)} | \`${cell(exampleText(path, example))}\` |`,
    );
    return [
      `## ${title}`,
      '',
      '| key | meaning | if left out | example |',
      '| --- | --- | --- | --- |',
      ...lines,
      '',
    ].join('\n');
  });
  return [INTRO, ...parts].join('\n');
}

const keyText = (path: string[]): string => path.join('.').replaceAll('.[]', '[]');
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** `again: after 180 days`, on one line. */
function exampleText(path: string[], example: unknown): string {
  const key = path.findLast((part) => part !== '[]' && part !== 'NAME') ?? '';
  const flow = stringify({ [key]: example }, { collectionStyle: 'flow', lineWidth: 0 }).trim();
  const bare = flow.replace(/^\{ /, '').replace(/ \}$/, '');
  // As people should write them: unquoted, other readers of YAML take a time of the day for a number.
  return bare.replaceAll(/(?<![\w"])\d\d:\d\d(?![\w"])/g, '"$&"');
}
