/**
 * One lead's part of the table, in memory: applies decisions with the conditions of the real transaction, so that whole
 * stories can be told to the domain alone.
 */
import type { Rules } from '../../functions/definition/definition.ts';
import { clockStruck, decide, newLead } from '../../functions/lead/decide.ts';
import type { Context, Decision } from '../../functions/lead/decision.ts';
import type { Happening, LeadEvent } from '../../functions/lead/event.ts';
import { answerHappening } from '../../functions/lead/handoff.ts';
import type { Enrolment, Handoff, Lead, Send } from '../../functions/lead/lead.ts';
import type { Message } from '../../functions/lead/message.ts';
import { exampleRules } from './example-rules.ts';
import { dayOf } from './histories.ts';

export const AN = 'an@example.com';

export class LeadTable {
  lead: Lead;
  log: LeadEvent[] = [];
  markers = new Set<string>();
  enrolments = new Map<string, Enrolment>();
  handoffs = new Map<string, Handoff>();
  sends: Send[] = [];
  /** Of the last act. */
  messages: Message[] = [];
  refused: string | undefined;
  rules: Rules;
  older = new Map<string, Rules>();
  private count = 0;

  constructor(rules: Rules = exampleRules, address = 'mai@company.vn') {
    this.rules = rules;
    const email = { asTyped: address, deliverTo: address, key: address };
    this.lead = newLead(email, { key: 'first', at: dayOf(0) }, this.context(dayOf(0)));
  }

  context(now: string): Context {
    const rulesOf = (hash: string) => (hash === this.rules.hash ? this.rules : this.older.get(hash));
    return { now, rules: this.rules, publication: 1, rulesOf, seen: this.markers };
  }

  /** Publishes another definition. */
  publish(rules: Rules): void {
    this.older.set(this.rules.hash, this.rules);
    this.rules = rules;
  }

  decide(happenings: Happening[], now: string): Decision {
    let context = this.context(now);
    for (let asked = 0; asked < 5; asked++) {
      const decided = decide(this.lead, happenings, context);
      if ('decision' in decided) return decided.decision;
      const { log, sends, handoff } = decided.need;
      context = {
        ...context,
        ...(log && { log: this.log }),
        ...(sends && { sends: this.sends }),
        ...(handoff !== undefined && { handoff: this.handoffs.get(handoff) ?? null }),
      };
    }
    throw new Error('Deciding asks for more and more.');
  }

  /** Applies one act; what happened before changes nothing. */
  act(happenings: Happening[], now: string): Decision | undefined {
    if (happenings.some(({ key }) => this.log.some((event) => event.key === key))) return undefined;
    const decision = this.decide(happenings, now);
    this.commit(decision);
    return decision;
  }

  private commit(decision: Decision): void {
    this.refused = decision.refused;
    this.messages = decision.messages;
    if (decision.lead.version === this.lead.version) return;
    this.lead = structuredClone(decision.lead);
    for (const { id } of decision.superseded) {
      this.log = this.log.map((event) => (event.id === id ? { ...event, superseded: true } : event));
    }
    this.log.push(...decision.events);
    for (const marker of decision.unmarked ?? []) this.markers.delete(marker);
    for (const marker of decision.markers) {
      if (this.markers.has(marker)) throw new Error(`The marker ${marker} exists.`);
      this.markers.add(marker);
    }
    this.commitEnrolments(decision);
    this.commitHandoff(decision);
  }

  private commitEnrolments({ enrolments, lead }: Decision): void {
    for (const enrolment of enrolments.start) this.enrolments.set(enrolment.id, enrolment);
    for (const { id, reason } of enrolments.end)
      this.changeEnrolment(id, { status: 'ended', reason, endedAt: lead.updatedAt });
    for (const { id, run } of enrolments.resume) this.changeEnrolment(id, { status: 'active', run });
  }

  private changeEnrolment(id: string, change: Partial<Enrolment>): void {
    const enrolment = this.enrolments.get(id);
    if (!enrolment) throw new Error(`There is no enrolment ${id}.`);
    this.enrolments.set(id, { ...enrolment, ...change });
  }

  private commitHandoff({ handoff: { open, change } }: Decision): void {
    if (open) this.handoffs.set(open.id, { ...open, assignee: open.assignee ?? AN });
    if (!change) return;
    const standing = this.handoffs.get(change.id);
    if (!standing) throw new Error(`There is no handoff ${change.id}.`);
    const next: Handoff = Object.assign({ ...standing }, change.set, { version: standing.version + 1 });
    this.handoffs.set(change.id, next);
  }

  /** One event of the lead's own, now. */
  does(type: string, now: string, more: Partial<Happening> = {}): Decision | undefined {
    return this.act([this.happening(type, now, more)], now);
  }

  happening(type: string, at: string, more: Partial<Happening> = {}): Happening {
    return { key: `k${this.count++}`, type, at, actor: 'human', data: {}, ...more };
  }

  /** A post of the guide's form, which is a conversion. */
  asksGuide(now: string, fields: Happening['fields'] = {}, more: Partial<Happening> = {}): Decision | undefined {
    const data = { form: 'cash-flow-guide', conversion: 'download', asset: 'cash-flow-guide', depth: 'deep' };
    const key = `form:${this.count++}`;
    const submitted = this.happening('form.submitted', now, { key, data, fields, ...more });
    return this.act([submitted, this.happening('asset.downloaded', now, { key: `${key}#asset`, data })], now);
  }

  asksDemo(now: string, fields: Happening['fields'] = {}): Decision | undefined {
    const data = { form: 'demo-request', conversion: 'demo' };
    const submitted = this.happening('form.submitted', now, { data, fields });
    return this.act([submitted, this.happening('demo.requested', now, { data })], now);
  }

  consents(now: string, action: 'granted' | 'confirmed' | 'withdrawn' = 'granted'): Decision | undefined {
    return this.does(`consent.${action}`, now, { consent: [{ purpose: 'marketing', action, method: 'box' }] });
  }

  /** Sales answers the handoff of that id (default: the lead's own). */
  answers(
    answer: string,
    now: string,
    by: string = AN,
    id: string = this.lead.handoff?.id ?? '',
  ): Decision | undefined {
    return this.act([answerHappening(id, { answer, by }, now)], now);
  }

  /** The sweeper's visit. */
  strikes(now: string): Decision | undefined {
    return this.act([clockStruck(this.lead.dueAt ?? now, now)], now);
  }

  get openHandoffs(): Handoff[] {
    return [...this.handoffs.values()].filter(({ status }) => status === 'pending');
  }

  get active(): string[] {
    return [...this.enrolments.values()].filter(({ status }) => status !== 'ended').map(({ workflow }) => workflow);
  }
}

/** Grade A by fit 100: the director of the worked cases. */
export const DIRECTOR = { jobTitle: 'Director', companySize: '50-249', country: 'VN' };
/** Grade D: every fit field is answered, with 5 points. */
export const STUDENT = { jobTitle: 'student', companySize: '10-49', country: 'US' };
