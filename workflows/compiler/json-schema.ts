/**
 * JSON Schemas of the definition files, made of the very shapes that read them, for editors that complete and check while
 * somebody types. Names across files are the compiler's matter.
 */
import * as z from 'zod';
import { FrontMatter } from './email-file.ts';
import { FormFile } from './form-shape.ts';
import { HandoffFile } from './handoff-shape.ts';
import { SamplesFile } from './sample-leads.ts';
import { ScoringFile } from './scoring-shape.ts';
import { SettingsFile } from './settings.ts';
import { type Told, toldOf } from './told.ts';
import { WorkflowFile } from './workflow-shape.ts';

/** Each kind of file: its schema's name, what it is, and where such files stand. */
export const FILES = {
  nurture: { shape: WorkflowFile, title: 'A workflow', where: 'nurture/NAME.yaml' },
  form: { shape: FormFile, title: 'A form', where: 'forms/NAME.yaml' },
  scoring: { shape: ScoringFile, title: 'The scoring', where: 'scoring.yaml' },
  handoff: { shape: HandoffFile, title: 'The handoff to sales', where: 'handoff.yaml' },
  settings: { shape: SettingsFile, title: 'The settings', where: 'settings.yaml' },
  preview: { shape: SamplesFile, title: 'Leads to preview mails for', where: 'preview.yaml' },
  email: { shape: FrontMatter, title: 'The front matter of a mail', where: 'emails/NAME.LANGUAGE.md' },
} as const;
export type FileKind = keyof typeof FILES;
export const FILE_KINDS = Object.keys(FILES) as FileKind[];

/** A part of a schema. */
export interface Schema {
  [key: string]: unknown;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | false;
  items?: Schema;
  anyOf?: Schema[];
  allOf?: Schema[];
  $ref?: string;
}

/**
 * The schema of one kind of file, as plain JSON. Draft 7 is what editors know.
 * @param tell writes what was told of a key into its schema.
 */
export function jsonSchemaOf(kind: FileKind, tell: (schema: Schema, told: Told) => void = describe): Schema {
  const { shape, title } = FILES[kind];
  const schema = z.toJSONSchema(shape, {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const told = toldOf(zodSchema);
      if (told) tell(jsonSchema as Schema, told);
    },
  });
  return { ...(schema as Schema), title };
}

/** As an editor shows it. */
function describe(schema: Schema, { is, otherwise, example }: Told): void {
  schema.description = otherwise === undefined ? is : `${is} If left out: ${plain(otherwise)}.`;
  if (example !== undefined) schema.examples = [example];
}

const plain = (text: string): string => text.replaceAll('`', '');
