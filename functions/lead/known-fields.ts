/** The fields that a definition knows of a lead. */
import type { Rules } from '../definition/definition.ts';
import type { FormField } from '../definition/form.ts';

/**
 * Every field that a form or the scoring file knows, by name, but the address. A form's own type comes first, since it knows
 * the country of phone numbers; of several forms one that does.
 */
export const knownFields = ({ forms, scoring }: Pick<Rules, 'forms' | 'scoring'>): Record<string, FormField> => {
  const scored = Object.entries(scoring.fields).map(([name, { known: _, ...type }]): [string, FormField] => [
    name,
    { ...type, required: false },
  ]);
  const asked = Object.values(forms)
    .flatMap((form) => Object.entries(form.fields))
    .map(([name, field]): [string, FormField] => [name, { ...field, required: false }])
    .sort(([, one], [, other]) => Number('defaultCountry' in one) - Number('defaultCountry' in other));
  const name: [string, FormField] = ['name', { type: 'text', required: false }];
  return Object.fromEntries([name, ...scored, ...asked].filter(([field]) => field !== 'email'));
};
