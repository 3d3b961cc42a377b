import { describe, expect, it } from 'vitest';
import { protectedMatter } from '../../../workflows/compiler/sensitive.ts';

describe('a field of this name', () => {
  it.each([
    ['age', 'age'],
    ['birthDate', 'age'],
    ['date_of_birth', 'age'],
    ['gender', 'intimacy'],
    ['ethnicOrigin', 'origin'],
    ['religion', 'belief'],
    ['healthInsurance', 'body'],
    ['maritalStatus', 'family'],
    ['monthlyIncome', 'money'],
  ])('needs a reason: %s', (name, matter) => {
    expect(protectedMatter(name)).toBe(matter);
  });

  it.each([
    'companyAge',
    'partySize',
    'raceDay',
    'country',
    'jobTitle',
    'message',
    'essexOffice',
    'creditTerms',
    'page',
  ])('needs none: %s', (name) => {
    expect(protectedMatter(name)).toBeUndefined();
  });
});
