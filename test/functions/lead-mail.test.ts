/** A mail to a lead as it is handed over: its label, its ways out, its headers. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { composeMail, type LeadMail } from '../../functions/adapters/lead-mail.ts';
import { loadLead } from '../../functions/adapters/leads.ts';
import type { LocalDynamo } from '../local-dynamo.ts';
import { calm, enrolledLead, MONDAY, nurtureDefinition, startWorld } from './nurture-world.ts';

const { emails: _, machines: __, ...rest } = nurtureDefinition;
const rules = { ...rest, settings: { ...rest.settings, subjectLabel: { VN: '[QC]' } }, classes: {} };

let local: LocalDynamo;
beforeAll(async () => {
  local = await startWorld();
});
afterAll(() => local.stop());
beforeEach(calm);

async function composed(purpose: LeadMail['purpose'], fields: Record<string, string>) {
  const { leadId } = await enrolledLead();
  const lead = await loadLead(leadId);
  if (!lead) throw new Error('There is no lead.');
  const name = purpose === 'marketing' ? 'three-leaks' : 'guide-delivery';
  const [form] = purpose === 'marketing' ? [] : Object.values(rules.forms);
  const mail = { lead: { ...lead, fields }, rules, name, send: { id: 'snd_1' }, purpose, ...(form ? { form } : {}) };
  return composeMail(mail, MONDAY);
}

describe('a mail to a lead', () => {
  it('carries the label of its country first when it is marketing', async () => {
    expect((await composed('marketing', { country: 'VN' })).subject).toBe('[QC] three-leaks in en');
    expect((await composed('marketing', { country: 'TH' })).subject).toBe('three-leaks in en');
    expect((await composed('transactional', { country: 'VN' })).subject).toBe('guide-delivery in en');
  });

  it('has both unsubscribe headers when it is marketing, each short enough for one line, and none else', async () => {
    const { headers = {} } = await composed('marketing', {});
    expect(headers['List-Unsubscribe']).toMatch(/^<https:\/\/go\.example\.com\/unsubscribe\/v1\.[\w.-]+>$/);
    expect(headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
    // RFC 5322, 2.1.1: 998 octets a line.
    for (const [name, value] of Object.entries(headers)) expect(`${name}: ${value}`.length).toBeLessThan(998);
    expect((await composed('transactional', {})).headers).toEqual({});
  });
});
