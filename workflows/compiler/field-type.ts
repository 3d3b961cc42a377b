/** The types of a lead's fields, as scoring.yaml and the forms declare them. */
import * as z from 'zod';
import type { FieldType } from '../../functions/definition/scoring.ts';

export const FIELD_TYPES = [
  'text',
  'number',
  'boolean',
  'date',
  'country',
  'phone',
  'email',
  'language',
  'choice',
] as const;

/** A choice as its text: `2024` is written without quotes too. */
const choice = z.union([z.string().min(1, 'The choice is empty.'), z.number().transform(String)], {
  error: 'A choice is a text.',
});
export const choices = z.array(choice).min(1, 'A choice needs something to choose from.').optional();

interface Declared {
  type: (typeof FIELD_TYPES)[number];
  of?: string[] | undefined;
}

/** Says through the zod context when `of` and the type do not fit each other; returns the type. */
export function fieldType(declared: Declared, context: z.core.$RefinementCtx): FieldType {
  const say = (message: string, key: string) => context.addIssue({ code: 'custom', message, params: { key } });
  if (declared.type !== 'choice') {
    if (declared.of) say('Only a `choice` has `of:`.', 'of');
    return { type: declared.type };
  }
  if (!declared.of) say('A `choice` needs `of:`, the list of what may be chosen.', 'type');
  const twice = declared.of?.find((each, index) => declared.of?.indexOf(each) !== index);
  if (twice !== undefined) say(`The choice \`${twice}\` stands twice.`, 'of');
  return { type: 'choice', of: declared.of ?? [] };
}
