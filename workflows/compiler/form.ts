/** Checks a form across files and compiles it. */
import type { Form, FormConsent, FormField } from '../../functions/definition/form.ts';
import { checkFieldValue } from './field-value.ts';
import type { FormFile } from './form-shape.ts';
import { RESERVED_FIELDS, unknownLeadKey } from './lead-condition.ts';
import { type Names, requireName } from './names.ts';
import { mapValues } from './scoring.ts';
import { checkSensitive } from './sensitive.ts';
import { list } from './shape.ts';
import { below, fail, type Source, type Spot, warn } from './source.ts';

/** Compiles a file of the right shape. `languages` are those of the settings, the fallback first. */
export function compileForm(file: FormFile, source: Source, names: Names, languages: readonly string[]): Form {
  const at = (...path: string[]): Spot => ({ source, path });
  if (file.deliver !== undefined) checkDeliver(file.deliver, at('deliver'), names);
  if (file.language !== undefined) requireName(at('language'), file.language, names.languages);
  if (file.asset?.problem !== undefined) checkProblem(file.asset.problem, at('asset', 'problem'), names);
  const fields = mapValues(file.fields, (field, name) => compileField(name, field, at('fields', name), names));
  checkAddress(fields, at('fields'));
  const declared = Object.keys(file.fields).filter((name) => !names.scoringFields.has(name));
  checkSensitive(declared, at('fields'));
  checkOwnNames(file, source);
  return {
    name: file.form,
    conversion: file.conversion,
    ...(file.asset ? { asset: compileAsset(file.asset) } : {}),
    audience: file.audience ?? 'sales',
    ...(file.deliver === undefined ? {} : { deliver: file.deliver }),
    ...(file.language === undefined ? {} : { language: file.language }),
    fields,
    consent: mapValues(file.consent ?? {}, (consent, purpose) =>
      compileConsent(consent, at('consent', purpose), names, languages),
    ),
    ...(file.redirect === undefined ? {} : { redirect: file.redirect }),
    ...(file.storage === undefined ? {} : { storage: file.storage }),
    origins: file.origins ?? [],
    ...(file.trap === undefined ? {} : { trap: file.trap }),
  };
}

/** What was asked for goes out whatever consent says, so it must not be marketing. */
function checkDeliver(email: string, spot: Spot, names: Names): void {
  if (!requireName(spot, email, names.emails)) return;
  const given = names.emailClasses.get(email);
  if (given === undefined || given === 'transactional') return;
  const hint = 'Give the mail `class: transactional`, or send it from a workflow.';
  fail(spot, `A form delivers transactional mail only; \`${email}\` is \`${given}\`.`, { hint });
}

function compileAsset({ name, depth, problem }: NonNullable<FormFile['asset']>): NonNullable<Form['asset']> {
  return { name, ...(depth ? { depth } : {}), ...(problem === undefined ? {} : { problem }) };
}

function checkProblem(problem: string, spot: Spot, names: Names): void {
  const field = names.scoringFields.get('problem');
  if (field?.type) checkFieldValue('problem', field.type, problem, spot);
  if (!field && names.fieldsKnown) {
    const hint = 'Declare it in scoring.yaml: `problem: { type: choice, of: […] }`.';
    fail(spot, 'An asset fills the field `problem`, and there is none.', { hint });
  }
}

function compileField(name: string, field: FormFile['fields'][string], spot: Spot, names: Names): FormField {
  const declared = names.scoringFields.get(name);
  if (RESERVED_FIELDS.includes(name)) {
    fail(spot, `A field cannot be named \`${name}\`: conditions use that word.`, { key: true });
  }
  if (!('from' in field)) {
    if (declared?.type && JSON.stringify(declared.type) !== JSON.stringify(field.type)) {
      const hint = `Write \`${name}: { from: scoring }\`.`;
      fail(spot, `scoring.yaml declares \`${name}\` in another way.`, { key: true, hint });
    }
    const { defaultCountry } = field;
    return { ...field.type, required: field.required ?? false, ...(defaultCountry ? { defaultCountry } : {}) };
  }
  if (!declared) unknownLeadKey(name, spot, { fields: names.scoringFields, names });
  if (declared?.known === 'after-handoff') {
    fail(spot, `\`${name}\` is known only after the handoff: a form cannot ask for it.`, { key: true });
  }
  return { ...(declared?.type ?? { type: 'text' }), required: field.required ?? false };
}

/** A form without an address makes no lead. */
function checkAddress(fields: Record<string, FormField>, spot: Spot): void {
  const hint = 'Write `email: { type: email, required: true }`.';
  const { email } = fields;
  if (!email) fail(spot, 'A form needs the field `email`: it is who the lead is.', { key: true, hint });
  else if (email.type !== 'email' || !email.required) {
    fail(below(spot, 'email'), 'The field `email` must be of type email and required.', { key: true, hint });
  }
}

/** One name in a post cannot be two things. */
function checkOwnNames(file: FormFile, source: Source): void {
  const taken = new Map(Object.keys(file.fields).map((name) => [name, 'a field']));
  const claim = (name: string, what: string, path: string[]) => {
    const other = taken.get(name);
    if (other) fail({ source, path }, `\`${name}\` is ${other} of this form already.`);
    taken.set(name, what);
  };
  for (const [purpose, { field }] of Object.entries(file.consent ?? {})) {
    claim(field, 'the tick of a consent', ['consent', purpose, 'field']);
  }
  if (file.trap !== undefined) claim(file.trap, 'the trap', ['trap']);
}

function compileConsent(
  consent: NonNullable<FormFile['consent']>[string],
  spot: Spot,
  names: Names,
  languages: readonly string[],
): FormConsent {
  const text = below(spot, 'text');
  for (const language of Object.keys(consent.text)) {
    if (!names.languages.open && !names.languages.names.has(language)) {
      const hint = 'Name it under `languages:` in settings.yaml, or take the wording out.';
      warn(below(text, language), `\`${language}\` is not one of the languages: this wording is never shown.`, {
        key: true,
        hint,
      });
    }
  }
  const [first, ...others] = languages;
  if (first !== undefined && !(first in consent.text)) {
    fail(text, `The wording in \`${first}\`, the first language, is missing.`, { key: true });
  }
  const missing = others.filter((language) => !(language in consent.text));
  if (missing.length > 0)
    warn(text, `The wording in ${list(missing)} is missing: \`${first}\` is shown.`, { key: true });
  const { field, frequency, doubleOptIn = false } = consent;
  return { field, doubleOptIn, ...(frequency ? { frequency } : {}), text: consent.text };
}
