/** A person with an address, and what that person finds in the mails: links, and the pages behind them. */
import { act } from '../../functions/adapters/act.ts';
import { sign } from '../../functions/adapters/tokens.ts';
import type { ConsentAct, Happening } from '../../functions/lead/event.ts';
import type { Lead } from '../../functions/lead/lead.ts';
import type { Purpose } from '../../functions/lead/token.ts';
import { leadOf, MONDAY } from './nurture-world.ts';
import { type Asking, answerOf, requestEvent } from './requests.ts';

let people = 0;
export const newAddress = (): string => `person-${people++}@recipient.example`;
export const address = (key: string) => ({ asTyped: key, deliverTo: key, key });

export const tick = (over: Partial<ConsentAct> = {}): ConsentAct => ({
  purpose: 'marketing',
  action: 'granted',
  method: 'box',
  form: 'cash-flow-guide',
  language: 'en',
  text: 'I agree to receive advice.',
  textHash: 'f'.repeat(64),
  doubleOptIn: true,
  ...over,
});

let posts = 0;

/** Posts the guide's form, with a tick that waits to be confirmed unless told otherwise. */
export async function postGuide(email: string, over: Partial<Happening> = {}, at = MONDAY): Promise<Lead> {
  const post: Happening = {
    key: `form:${posts++}`,
    type: 'form.submitted',
    at,
    actor: 'human',
    data: { form: 'cash-flow-guide', conversion: 'download', asset: 'cash-flow-guide', depth: 'deep' },
    fields: { name: 'Nguyễn Thị Hương', companySize: '10-49', country: 'VN' },
    consent: [tick()],
    ...over,
  };
  const evidence = { ip: '203.0.113.9', userAgent: 'Mozilla/5.0' };
  const outcome = await act({ email: address(email) }, [post], { at, evidence });
  if (outcome.kind !== 'applied') throw new Error(outcome.kind);
  return outcome.lead;
}

type Handler = (event: unknown) => Promise<unknown>;

/** Asks a page by its token. */
export const asks =
  (handler: Handler, page: string) =>
  async (token: string, method = 'GET', over: Asking = {}) =>
    answerOf(await handler(requestEvent({ method, path: `/${page}/${token}`, params: { token }, ...over })));

/** A form as a browser posts it. */
export const form = (values: Record<string, string | string[]>): Asking => ({
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(
    Object.entries(values).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one])),
  ).toString(),
});

/** Tokens that are none: each must get a plain page and change nothing. */
export const SPOILT: [string, (token: string, subject: string, purpose: Purpose) => Promise<string> | string][] = [
  ['forged', (token) => `${token.slice(0, -5)}AAAAA`],
  ['cut', (token) => token.slice(0, -5)],
  ['empty', () => ''],
  ['for another purpose', (_, subject) => sign({ purpose: 'answer', subject }, MONDAY)],
  ['expired', (_, subject, purpose) => sign({ purpose, subject, expires: '2027-02-28T00:00:00.000Z' }, MONDAY)],
  ['about nobody', (_, __, purpose) => sign({ purpose, subject: `lead_${'0'.repeat(26)}` }, MONDAY)],
];

/** The lead without what each write changes. */
export const stateOf = async (leadId: string) => {
  const { version: _, updatedAt: __, ...state } = await leadOf(leadId);
  return state;
};
