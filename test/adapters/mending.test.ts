import { describe, expect, it } from 'vitest';
import { email, forgetDefinitions } from '../../functions/adapters/definitions.ts';
import { mendMail } from '../../functions/adapters/mending.ts';
import { later } from '../../functions/adapters/table.ts';
import { beforeCall, MONDAY, nurtureDefinition, useWorld } from '../functions/nurture-world.ts';

useWorld();

const { hash } = nurtureDefinition;
async function mend(name: string, subject: string): Promise<void> {
  const mail = nurtureDefinition.emails[name]?.en;
  if (!mail) throw new Error(`There is no mail ${name}.`);
  await mendMail([hash], name, { en: { ...mail, subject } }, { at: MONDAY });
}
const subjectOf = async (name: string) => (await email(hash, name, 'en', later(MONDAY, 2000))).subject;

describe('two that mend at once', () => {
  it.each([
    ['before the other reads what is in force', 'GetItem', 'CURRENT'],
    ['before the other commits', 'TransactWriteItems', 'PUBLICATION#'],
  ])('both count where one commits %s', async (when, call, what) => {
    beforeCall(
      call,
      () => mend('three-leaks', `first, ${when}`),
      (body) => body.includes(what),
    );
    await mend('payroll-story', `second, ${when}`);
    forgetDefinitions();
    expect(await subjectOf('three-leaks')).toBe(`first, ${when}`);
    expect(await subjectOf('payroll-story')).toBe(`second, ${when}`);
  });
});
