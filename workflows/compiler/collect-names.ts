/** Collects the names of a folder before anything of it is compiled. */

import type { Folder } from './folder.ts';
import type { FormFile } from './form-shape.ts';
import type { Known, LeadField, Names } from './names.ts';
import type { ScoringFile } from './scoring-shape.ts';
import { isMapping, keysAt, type Source, valueAt } from './source.ts';

export interface Readings {
  scoring?: ScoringFile | undefined;
  forms: Map<string, FormFile | undefined>;
  languages: readonly string[];
  emailClasses: ReadonlyMap<string, string>;
}

export function collectNames(folder: Folder, { scoring, forms, languages, emailClasses }: Readings): Names {
  const of = (source: Source | undefined, word: string, home: string, ...path: string[]): Known => ({
    word,
    home,
    names: new Set(keysAt(source?.raw, path)),
    open: !source?.sound,
  });
  const set = (word: string, home: string, names: Iterable<string>): Known => ({ word, home, names: new Set(names) });
  const formSources = [...folder.forms.values()];
  const scoringFields = fieldsOf(folder.scoring, scoring);
  const settings = folder.settings;
  return {
    forms: set('form', 'forms/', folder.forms.keys()),
    workflows: set('workflow', 'nurture/', folder.workflows.keys()),
    emails: set(
      'email',
      'emails/',
      folder.emails.map(({ name }) => name),
    ),
    lists: of(folder.scoring, 'list', 'scoring.yaml', 'lists'),
    groups: of(folder.scoring, 'group', 'scoring.yaml', 'engagement', 'groups'),
    classes: of(folder.scoring, 'content class', 'scoring.yaml', 'content'),
    outcomes: of(folder.handoff, 'outcome', 'handoff.yaml', 'outcomes'),
    webhooks: { ...of(settings, 'webhook', 'settings.yaml', 'webhooks'), open: settings?.sound === false },
    languages: { ...set('language', 'settings.yaml', languages), open: languages.length === 0 },
    purposes: set('consent', 'forms/', ['marketing', ...formSources.flatMap(({ raw }) => keysAt(raw, ['consent']))]),
    tags: set(
      'tag',
      'nurture/',
      [...folder.workflows.values()].flatMap(({ raw }) => tagsIn(raw)),
    ),
    assets: set('asset', 'forms/', formSources.flatMap(assetOf)),
    fieldsKnown: folder.scoring?.sound === true,
    scoringFields,
    leadFields: new Map([...formFields(formSources, forms), ...scoringFields]),
    emailClasses,
    delivered: new Set(formSources.map(({ raw }) => String(valueAt(raw, ['deliver'])))),
  };
}

/** The tags that steps give, at whatever depth. */
function tagsIn(raw: unknown): string[] {
  if (Array.isArray(raw)) return raw.flatMap(tagsIn);
  if (!isMapping(raw)) return [];
  const own = [raw.tag ?? []].flat().filter((tag) => typeof tag === 'string');
  // A condition asks for a tag, and gives none.
  const inside = Object.entries(raw).filter(([key]) => !['when', 'goal', 'exit', 'where'].includes(key));
  return [...own, ...inside.flatMap(([, value]) => tagsIn(value))];
}

function assetOf({ raw }: Source): string[] {
  const name = valueAt(raw, ['asset', 'name']);
  return typeof name === 'string' ? [name] : [];
}

function fieldsOf(source: Source | undefined, file: ScoringFile | undefined): Map<string, LeadField> {
  return new Map(
    keysAt(source?.raw, ['fields']).map((name) => {
      const field = file?.fields?.[name];
      return [name, field ? { type: field, known: field.known } : {}];
    }),
  );
}

/** What forms ask for beside the fields of the scoring file. The name is a lead's in any case. */
function formFields(sources: Source[], files: Readings['forms']): [string, LeadField][] {
  const named = sources.flatMap(({ raw }) => keysAt(raw, ['fields'])).map((name): [string, LeadField] => [name, {}]);
  const typed = [...files.values()].flatMap((file) =>
    Object.entries(file?.fields ?? {}).flatMap(([name, field]): [string, LeadField][] =>
      'from' in field ? [] : [[name, { type: field.type }]],
    ),
  );
  return [['name', { type: { type: 'text' } }], ['email', { type: { type: 'email' } }], ...named, ...typed];
}
