/** What can be said of an address by looking at it. */
import type { Settings } from '../definition/settings.ts';
import { partsOf } from './email-address.ts';
import { BUILT_IN_LISTS, inDomainList, isInEmailLists } from './email-lists.ts';
import type { EmailAddress } from './lead.ts';

/**
 * The labels of an address: `free-mail`, `disposable`, `role` (a desk, not a person), `own-staff`, and each list of the
 * scoring file that its domain is on (`competitors`), by the list's name.
 */
export const emailLabels = (
  email: Pick<EmailAddress, 'deliverTo'>,
  { staffDomains }: Pick<Settings, 'staffDomains'>,
  own: Record<string, string[]>,
): string[] => {
  const parts = partsOf(email.deliverTo);
  const names = [...new Set([...BUILT_IN_LISTS, ...Object.keys(own)])];
  const listed = names.filter((name) => isInEmailLists(parts, [name], own));
  return inDomainList(parts.domain, staffDomains) ? [...listed, 'own-staff'] : listed;
};
