/** Which variables the Liquid of a mail may read, as functions/lead/mail-variables.ts fills them. */
import type { Settings } from '../../functions/definition/settings.ts';
import type { Variables } from './liquid.ts';

/** A transactional mail answers a form, or goes out by a step of a workflow, where there is no form to speak of. */
export type MailKind = 'marketing' | 'answer' | 'by a step';

/**
 * `fields`: all fields of a lead that the scoring file or a form declares. A transactional mail has no unsubscribe link and
 * may speak of the form that it answers, and ask to confirm the address.
 */
export function variablesOf(fields: Iterable<string>, settings: Settings, kind: MailKind): Variables {
  const there = (value: unknown) => (value === undefined ? ('may be missing' as const) : ('there' as const));
  return new Map([
    ...[...fields].map((field) => [`lead.${field}`, 'may be missing'] as const),
    ['lead.name', 'may be missing'],
    ['lead.email', 'there'],
    ['company.name', 'there'],
    ['company.zone', 'there'],
    ['company.postalAddress', there(settings.postalAddress)],
    ['company.site', there(settings.site)],
    ['reason', 'there'],
    ['links.preferences', 'may be missing'],
    ...(kind === 'marketing'
      ? ([['links.unsubscribe', 'there']] as const)
      : ([
          ['form.name', kind === 'answer' ? 'there' : 'may be missing'],
          ['asset.name', 'may be missing'],
          ['links.confirm', 'may be missing'],
        ] as const)),
  ]);
}
