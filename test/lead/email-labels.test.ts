import { describe, expect, it } from 'vitest';
import { emailLabels } from '../../functions/lead/email-labels.ts';

const settings = { staffDomains: ['staff.example'] };
const own = { competitors: ['rival.example'] };

describe('an address', () => {
  it.each([
    ['an@firm.vn', []],
    ['an@gmail.com', ['free-mail']],
    ['an@yahoo.com.vn', ['free-mail']],
    ['info@firm.vn', ['role']],
    ['lienhe@gmail.com', ['free-mail', 'role']],
    ['x@mailinator.com', ['disposable']],
    ['sales@mail.rival.example', ['role', 'competitors']],
    ['an@eu.staff.example', ['own-staff']],
  ])('%s is labelled %j', (deliverTo, labels) => {
    expect(emailLabels({ deliverTo }, settings, own)).toEqual(labels);
  });
});
