/** The post that makes a simulated lead: through the same reader as a post from a landing page. */
import type { Definition } from '../../functions/definition/definition.ts';
import type { Form } from '../../functions/definition/form.ts';
import type { Happening, Instant } from '../../functions/lead/event.ts';
import { readSubmission } from '../../functions/lead/form-submission.ts';
import type { EmailAddress } from '../../functions/lead/lead.ts';

export interface Post {
  address: EmailAddress;
  happenings: Happening[];
}

/**
 * Posts a form.
 * @param agrees whether every box is ticked. @throws Error naming the field that the form does not take.
 */
export function postForm(
  definition: Pick<Definition, 'settings'>,
  form: Form,
  values: Record<string, string>,
  { agrees, at }: { agrees: boolean; at: Instant },
): Post {
  const posted = Object.entries(values).map(([field, value]): [string, string[]] => [field, [value]]);
  const boxes = agrees ? Object.values(form.consent).map(({ field }): [string, string[]] => [field, ['yes']]) : [];
  const read = readSubmission(form, definition.settings, Object.fromEntries([...posted, ...boxes]), { at });
  if ('errors' in read)
    throw new Error(`The form ${form.name}: ${read.errors.map(({ message }) => message).join(' ')}`);
  if (!('happenings' in read)) throw new Error(`The form ${form.name} makes no lead of ${values.email}.`);
  return { address: read.email, happenings: read.happenings };
}

/** A form that enrols in a workflow, the named workflow if one is named; or the first form. */
export function formFor(definition: Pick<Definition, 'forms' | 'workflows'>, workflow?: string): Form | undefined {
  const { forms, workflows } = definition;
  const entered = Object.values(workflows).filter(({ name }) => workflow === undefined || name === workflow);
  for (const { enrol } of entered) {
    if (enrol.on !== 'event' || enrol.where?.kind !== 'property' || enrol.where.property !== 'form') continue;
    const [name] = 'oneOf' in enrol.where.test ? enrol.where.test.oneOf : [];
    const form = forms[String(name)];
    if (form) return form;
  }
  return Object.values(forms)[0];
}

/** What must be filled in and is not given, so that the post is accepted. */
export function withRequired(form: Form, values: Record<string, string>): Record<string, string> {
  const samples: Record<string, string> = {
    text: 'Sample',
    country: 'VN',
    phone: '+84901234567',
    number: '1',
    boolean: 'yes',
  };
  const missing = Object.entries(form.fields).flatMap(([name, field]): [string, string][] => {
    if (!field.required || values[name] !== undefined) return [];
    const value =
      field.type === 'choice'
        ? field.of[0]
        : field.type === 'date'
          ? '2027-01-01'
          : field.type === 'language'
            ? 'en'
            : samples[field.type];
    return [[name, field.type === 'email' ? 'lead@simulated.example' : (value ?? 'Sample')]];
  });
  return { email: 'lead@simulated.example', ...Object.fromEntries(missing), ...values };
}
