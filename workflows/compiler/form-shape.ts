/** What may stand in a file of forms/. */
import * as z from 'zod';
import { CONVERSIONS, type Conversion, STORAGES } from '../../functions/definition/form.ts';
import { nearest } from '../../functions/lead/nearest.ts';
import { choices, FIELD_TYPES, fieldType } from './field-type.ts';
import { frequency } from './send-shape.ts';
import { mapping, oneOf, reading, shown } from './shape.ts';
import { isMapping } from './source.ts';
import { told } from './told.ts';
import { country, fieldName, language, link, name, oneWord, prose, purposeName } from './words.ts';

const conversions = Object.keys(CONVERSIONS);
const isConversion = (value: unknown): value is Conversion => typeof value === 'string' && conversions.includes(value);

const conversion = reading<Conversion>(
  (value) => {
    if (isConversion(value)) return { value };
    const wrong = `${shown(value)} is not a conversion: one of ${conversions.join(', ')}.`;
    return { wrong, params: { nearest: nearest(String(value), conversions) } };
  },
  { enum: conversions },
);

const required = told(z.boolean().optional(), 'Whether the form is refused without an answer.', {
  example: true,
  otherwise: '`false`',
});
const Borrowed = mapping({
  from: told(z.literal('scoring'), 'The field is what scoring.yaml declares.', { example: 'scoring' }),
  required,
});
const Declared = mapping({
  type: told(z.enum(FIELD_TYPES), 'What an answer is. A `choice` needs `of`.', { example: 'text' }),
  of: told(choices, 'What may be chosen.', { example: ['small', 'large'], otherwise: 'none' }),
  required,
  defaultCountry: told(country.optional(), 'The country of a phone number without a country code.', {
    example: 'VN',
    otherwise: 'none: such a number is kept as it is',
  }),
  reason: told(prose.optional(), 'Why a field is needed that tells of health, belief, age and the like.', {
    example: 'The product is for nurses alone.',
    otherwise: 'none: an error for such a field',
  }),
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
  field: told(fieldName, 'The field of the form that carries the tick.', { example: 'agree' }),
  doubleOptIn: told(z.boolean().optional(), 'Whether a button in a mail has to confirm the tick before it counts.', {
    example: true,
    otherwise: '`false`',
  }),
  frequency: told(
    frequency.optional(),
    'The promise made beside the box: it caps all marketing mail while the consent lives.',
    {
      example: '2 per week',
      otherwise: 'no promise',
    },
  ),
  text: told(z.record(language, prose), 'The wording beside the box, by language: kept as evidence.', {
    example: {
      en: 'I agree to receive advice by email.',
      vi: 'Tôi đồng ý nhận tư vấn qua email.',
      th: 'ฉันยินยอมรับคำแนะนำทางอีเมล',
    },
  }),
});

export const FormFile = mapping({
  form: told(name, "The form's name: that of its file, and of the address that it posts to.", {
    example: 'cash-flow-guide',
  }),
  conversion: told(conversion, 'What sending it means; each kind is an event of its own beside `form.submitted`.', {
    example: 'download',
  }),
  asset: told(
    mapping({
      name: told(name, 'What is given for it.', { example: 'cash-flow-guide' }),
      depth: told(oneWord('shallow', 'deep', 'brand').optional(), 'How much it asks of its reader, for `where`.', {
        example: 'deep',
        otherwise: 'none',
      }),
      problem: told(z.string().optional(), 'Fills the field `problem` of leads who have none.', {
        example: 'cash-flow',
        otherwise: 'nothing',
      }),
    }).optional(),
    'What is given for it.',
    { example: { name: 'cash-flow-guide', depth: 'deep' }, otherwise: 'nothing' },
  ),
  audience: told(
    oneWord('sales', 'recruiting', 'partner').optional(),
    'Applicants and partners are answered, and neither scored nor nurtured.',
    { example: 'sales', otherwise: '`sales`' },
  ),
  deliver: told(z.string().optional(), 'The transactional mail that answers every post.', {
    example: 'guide-delivery',
    otherwise: 'none',
  }),
  language: told(language.optional(), 'The language of the form, where a post does not tell it.', {
    example: 'en',
    otherwise: 'the first of the settings',
  }),
  fields: told(z.record(fieldName, Field), 'What is asked, by name. `email` is needed.', {
    example: { email: { type: 'email', required: true }, country: { from: 'scoring' } },
  }),
  consent: told(z.record(purposeName, Consent).optional(), 'What a tick agrees to, by purpose: `marketing`.', {
    example: {
      marketing: {
        field: 'agree',
        text: { en: 'Send me advice.', vi: 'Gửi cho tôi lời khuyên.', th: 'ส่งคำแนะนำให้ฉัน' },
      },
    },
    otherwise: 'nothing: no marketing mail',
  }),
  redirect: told(redirect.optional(), 'The page after the post, in full or as a path on the same site.', {
    example: 'https://www.example.com/thanks',
    otherwise: 'a plain page of thanks',
  }),
  storage: told(
    oneWord(...STORAGES).optional(),
    'What ripen.js may keep in the browser: `consent` only once the page says that it may, `none` nothing.',
    { example: 'consent', otherwise: '`consent`' },
  ),
  origins: told(z.array(origin).optional(), 'Sites whose scripts may post; `*` for any run of characters but `/`.', {
    example: ['https://www.example.com', 'http://localhost:*'],
    otherwise: 'none: plain HTML forms alone',
  }),
  trap: told(
    z
      .string()
      .regex(/^[A-Za-z][\w-]{0,39}$/, 'A form field has a name of letters, digits, `_` and `-`.')
      .optional(),
    'A hidden field that only machines fill in.',
    { example: 'website', otherwise: 'none' },
  ),
});
export type FormFile = z.infer<typeof FormFile>;
