/** Leads and subjects of conditions for the tests of the domain. */
import type { Subject } from '../../functions/lead/condition.ts';
import { nothing } from '../../functions/lead/fold.ts';
import type { Lead } from '../../functions/lead/lead.ts';
import { dayOf } from './histories.ts';

/** A subject about whom nothing is known. */
export const subject = (more: Partial<Subject> = {}): Subject => ({
  fields: {},
  stage: 'lead',
  grade: 'unknown',
  fit: 0,
  engagement: 0,
  conversions: 0,
  consents: {},
  emailStatus: 'unknown',
  email: { local: 'an', domain: 'firm.vn' },
  lists: { competitors: ['rival.example'] },
  handRaise: false,
  ...more,
});

/** A lead to whom nothing has happened but its making. */
export const leadOf = (more: Partial<Lead> = {}): Lead => ({
  ...nothing(),
  id: 'lead_1',
  version: 1,
  createdAt: dayOf(0),
  updatedAt: dayOf(0),
  email: { asTyped: 'An@firm.vn', deliverTo: 'An@firm.vn', key: 'an@firm.vn' },
  emailStatus: 'unknown',
  definition: 'd1',
  publication: 1,
  stage: 'lead',
  stageSince: dayOf(0),
  enrolments: {},
  waits: [],
  ...more,
});
