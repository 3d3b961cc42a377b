/** Reads preview.yaml: the leads of a marketer's own for whom mails are previewed. It is no part of the definition. */
import * as z from 'zod';
import type { Definition } from '../../functions/definition/definition.ts';
import type { FieldType, FieldValue } from '../../functions/definition/scoring.ts';
import { nearest } from '../../functions/lead/nearest.ts';
import { checkFieldValue } from './field-value.ts';
import { textOf } from './file-text.ts';
import type { Problem } from './problem.ts';
import type { SourceFile } from './read-folder.ts';
import { checkShape, mapping } from './shape.ts';
import { fail, type Source } from './source.ts';
import { told } from './told.ts';
import { address, fieldName, name } from './words.ts';
import { readYaml } from './yaml-source.ts';

export const SAMPLES_FILE = 'preview.yaml';

export interface SampleLead {
  /** As the marketer calls it. */
  id: string;
  email: string;
  /** Which of a mail's languages is shown first for it. */
  language?: string;
  fields: Record<string, FieldValue>;
}

const Value = z.union([z.string(), z.number(), z.boolean()], {
  error: 'A value is a text, a number, or true or false.',
});
export const SamplesFile = mapping({
  leads: told(z.record(name, z.record(fieldName, Value)), 'Leads by a name of yours, with any of their fields.', {
    example: { an: { name: 'An', country: 'VN' } },
  }),
});

/** The fields that a lead may have, by name. */
export function leadFieldsOf({ scoring, forms }: Pick<Definition, 'scoring' | 'forms'>): Map<string, FieldType> {
  const asked = Object.values(forms).flatMap((form) => Object.entries(form.fields));
  return new Map<string, FieldType>([['name', { type: 'text' }], ...asked, ...Object.entries(scoring.fields)]);
}

/** The leads of the file in its order; undefined without a file, or with one that cannot be read. */
export function readSamples(
  files: SourceFile[],
  definition: Pick<Definition, 'scoring' | 'forms'>,
): { samples?: SampleLead[]; problems: Problem[] } {
  const file = files.find(({ path }) => path === SAMPLES_FILE);
  if (!file) return { problems: [] };
  const text = textOf(file);
  if ('problem' in text) return { problems: [text.problem] };
  const source = readYaml(SAMPLES_FILE, text.text);
  const read = checkShape(SamplesFile, source);
  const known = leadFieldsOf(definition);
  const samples = Object.entries(read?.leads ?? {}).map(([id, given]) => {
    for (const [field, value] of Object.entries(given)) checkField(field, value, known, source, id);
    const { email = `${id}@example.org`, ...fields } = given;
    const { language } = given;
    return { id, email: String(email), ...(language === undefined ? {} : { language: String(language) }), fields };
  });
  return { ...(samples.length > 0 ? { samples } : {}), problems: source.problems };
}

function checkField(field: string, value: FieldValue, known: Map<string, FieldType>, source: Source, id: string): void {
  const spot = { source, path: ['leads', id, field] };
  const type = known.get(field);
  if (field === 'email') {
    if (!address.safeParse(value).success) fail(spot, 'This is not an email address.');
  } else if (type) checkFieldValue(field, type, value, spot);
  else if (field !== 'language') {
    const names = [...known.keys()];
    fail(spot, `No form and no scoring asks for \`${field}\`.`, { key: true, nearest: nearest(field, names) });
  }
}
