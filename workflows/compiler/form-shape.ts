/** What may stand in a file of forms/. */
import * as z from 'zod';
import { CONVERSIONS, type Conversion, STORAGES } from '../../functions/definition/form.ts';
import { nearest } from '../../functions/lead/nearest.ts';
import { choices, FIELD_TYPES, fieldType } from './field-type.ts';
import { LATER_VALUES } from './later.ts';
import { frequency } from './send-shape.ts';
import { mapping, oneOf, reading, shown } from './shape.ts';
import { isMapping } from './source.ts';
import { told } from './told.ts';
import { country, fieldName, language, link, name, oneWord, prose, purposeName } from './words.ts';

const conversions = Object.keys(CONVERSIONS);
const isConversion = (value: unknown): value is Conversion => typeof value === 'string' && conversions.includes(value);

const conversion = reading<Conversion>((value) => {
  if (isConversion(value)) return { value };
  const wrong = `${shown(value)} is not a conversion: one of ${conversions.join(', ')}.`;
  return { wrong, params: { nearest: nearest(String(value), conversions) } };
});

const Borrowed = mapping({ from: z.literal('scoring'), required: z.boolean().optional() });
const Declared = mapping({
  type: z.enum(FIELD_TYPES),
  of: choices,
  required: z.boolean().optional(),
  defaultCountry: country.optional(),
  reason: prose.optional(),
}).transform((field, context) => {
  if (field.defaultCountry !== undefined && field.type !== 'phone') {
    context.addIssue({
      code: 'custom',
      message: 'Only a `phone` has a default country.',
      params: { key: 'defaultCountry' },
    });
  }
  const { defaultCountry } = field;
  return { type: fieldType(field, context), required: field.required, ...(defaultCountry ? { defaultCountry } : {}) };
});

type FormFieldFile = z.infer<typeof Borrowed> | z.infer<typeof Declared>;
const Field = oneOf<FormFieldFile>(
  (value) => (isMapping(value) && 'from' in value ? Borrowed : Declared),
  () => [Borrowed, Declared],
);

/** `https://www.example.com`, with `*` for any run of characters but `/`. */
const origin = z
  .string()
  .regex(
    /^https?:\/\/[a-z0-9.*-]+(?::(?:\d+|\*))?$/i,
    'This is not an origin: write it like `https://www.example.com`, without a path.',
  );

/** A page in full, or a path on the site that serves the form. */
const redirect = z.union([link, z.string().regex(/^\/(?!\/)/)], {
  error: 'This is not a link: write it in full, with `https://`, or as a path that begins with `/`.',
});

const Consent = mapping({
  field: fieldName,
  doubleOptIn: z.literal(false, LATER_VALUES.doubleOptIn).optional(),
  frequency: told(
    frequency.optional(),
    'The promise made beside the box: it caps all marketing mail while the consent lives.',
    {
      example: '2 per week',
      otherwise: 'no promise',
    },
  ),
  text: z.record(language, prose),
});

export const FormFile = mapping({
  form: name,
  conversion,
  asset: mapping({
    name,
    depth: oneWord('shallow', 'deep', 'brand').optional(),
    problem: z.string().optional(),
  }).optional(),
  audience: oneWord('sales', 'recruiting', 'partner').optional(),
  deliver: z.string().optional(),
  language: language.optional(),
  fields: z.record(fieldName, Field),
  consent: z.record(purposeName, Consent).optional(),
  redirect: redirect.optional(),
  storage: oneWord(...STORAGES).optional(),
  origins: z.array(origin).optional(),
  trap: z
    .string()
    .regex(/^[A-Za-z][\w-]{0,39}$/, 'A form field has a name of letters, digits, `_` and `-`.')
    .optional(),
});
export type FormFile = z.infer<typeof FormFile>;
