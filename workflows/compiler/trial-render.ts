/** Renders a mail as its leads will get it, for one of whom nothing is known and one of whom all is, to see that it holds. */
import type { Email, Settings } from '../../functions/definition/settings.ts';
import type { MailVariables } from '../../functions/lead/mail-variables.ts';
import { isFaultOfTemplate, renderEmail } from '../../functions/lead/render.ts';
import type { Fault } from './source.ts';

const LINK = 'https://example.com/x';

/** What goes wrong, in a mail whose Liquid was checked: one that grows without end, or hides its way out. */
export function trialFault(email: Email, fields: Iterable<string>, settings: Settings): Fault | undefined {
  const names = ['name', ...fields];
  for (const value of [null, '7']) {
    const lead = { ...Object.fromEntries(names.map((name) => [name, value])), email: 'a@example.com' };
    const fault = renderFault(email, variablesFor(lead, email.class === 'transactional', settings));
    if (fault) return fault;
  }
  return undefined;
}

function renderFault(email: Email, variables: MailVariables): Fault | undefined {
  try {
    const { html, text } = renderEmail('trial', email, variables);
    const { unsubscribe } = variables.links;
    if (unsubscribe === null || (html.includes(unsubscribe) && text.includes(unsubscribe))) return undefined;
    return { message: 'The mail would go out without its unsubscribe link.', hint: 'Look for a condition around it.' };
  } catch (error) {
    if (!isFaultOfTemplate(error)) throw error;
    const [said = ''] = error instanceof Error ? error.message.split(/, (?:line|file):|\n/) : [String(error)];
    return { message: `The mail cannot be made: ${said}.` };
  }
}

const variablesFor = (lead: MailVariables['lead'], transactional: boolean, settings: Settings): MailVariables => ({
  lead,
  form: transactional ? { name: 'form' } : null,
  asset: null,
  links: { unsubscribe: transactional ? null : `${LINK}/unsubscribe`, preferences: null, confirm: null },
  company: {
    name: settings.name,
    postalAddress: settings.postalAddress ?? null,
    site: settings.site ?? null,
    zone: settings.zone,
  },
  reason: 'Because.',
});
