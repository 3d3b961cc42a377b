/** Short ways to say what happens to whom. */
import type { Happening } from '../../functions/lead/event.ts';
import type { EmailAddress } from '../../functions/lead/lead.ts';
import { AT } from './example-definition.ts';

export const address = (key: string): EmailAddress => ({ asTyped: key, deliverTo: key, key });

export const happening = (key: string, over: Partial<Happening> = {}): Happening => ({
  key,
  type: 'page.viewed',
  at: AT,
  actor: 'human',
  data: {},
  ...over,
});

/** A director in Vietnam of a middle-sized company (grade A) asks for the guide and agrees. */
export const guidePost = (key: string, over: Partial<Happening> = {}): Happening[] => [
  happening(key, {
    type: 'form.submitted',
    data: { form: 'cash-flow-guide', conversion: 'download', asset: 'cash-flow-guide', depth: 'deep' },
    fields: { jobTitle: 'Director', companySize: '50-249', country: 'VN' },
    consent: [{ purpose: 'marketing', action: 'granted', method: 'box', form: 'cash-flow-guide' }],
    ...over,
  }),
];
