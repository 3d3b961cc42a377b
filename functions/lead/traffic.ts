/**
 * Whose act a click or an open was: one verdict for each, from all that is known about the mail that it was on. A function
 * of the set of evidence: in which order it came does not matter, and what comes later may judge anew what came before.
 */
import type { Instant, Verdict } from './event.ts';
import { agentOf } from './traffic-agents.ts';
import { burstsIn } from './traffic-bursts.ts';

/** A mail, as each event about it names it. `links`: how many different links of content it has. */
export interface MailRef {
  leadId: string;
  messageId: string;
  sentAt: Instant;
  email?: string;
  links?: number;
}

/** One click or open. `ip` and `agent` are evidence and nothing else: they never reach the log. */
export interface MailAct {
  /** Tells the acts of a mail apart; follows from the event's key. */
  id: string;
  /** Key of its event in the log. */
  key: string;
  type: 'click' | 'open';
  at: Instant;
  link?: string;
  /** A link to a page of ours, as unsubscribing: it shows no interest. */
  own?: true;
  ip?: string;
  agent?: string;
  /** SES says that it is likely a machine's. */
  bot?: true;
}

/** All that is known about the acts on one mail. */
export interface Evidence {
  sentAt: Instant;
  /** Unknown until SES tells, which may be later than the first click. */
  deliveredAt?: Instant;
  /** How many different links of content the mail has, pages of ours left out. */
  links?: number;
  acts: readonly MailAct[];
  /** Ids of acts whose address and agent were seen on mails of five or more leads within ten minutes. */
  crowd: ReadonlySet<string>;
}

/** Gateways follow links before they let a mail in, or at once after. */
const AT_ONCE_MS = 2000;
/** Sooner than nearly everybody reads. */
const QUICK_MS = 30_000;
/** Gateways look at what comes in; who takes both links of a mail later than this has read it. */
const COMING_IN_MS = 60 * 60_000;
/** A program that gave itself away did what it did around that, too. */
const SAME_PROGRAM_MS = 10 * 60_000;

const ms = (at: Instant): number => Date.parse(at);

const seconds = (span: number): string => `${Math.abs(span / 1000).toFixed(1)} s`;

/** The time to the delivery, where it is known. A mail that was not even sent for two seconds cannot be delivered longer. */
const hurry = ({ sentAt, deliveredAt }: Evidence, act: MailAct): { machine?: string; suspect?: string } => {
  const verb = act.type === 'click' ? 'clicked' : 'opened';
  if (deliveredAt === undefined) {
    const since = ms(act.at) - ms(sentAt);
    return since < AT_ONCE_MS ? { machine: `${verb} ${seconds(since)} after it was sent` } : {};
  }
  const since = ms(act.at) - ms(deliveredAt);
  if (since < 0) return { machine: `${verb} ${seconds(since)} before the mail was delivered` };
  if (since < AT_ONCE_MS) return { machine: `${verb} ${seconds(since)} after the mail was delivered` };
  // An open costs nobody a decision: a mail program in the foreground loads images at once.
  if (act.type === 'open' || since >= QUICK_MS) return {};
  return { suspect: `${verb} ${seconds(since)} after the mail was delivered` };
};

/** What makes a machine of an act by itself, whatever else was done on the mail. */
const givenAway = (evidence: Evidence, act: MailAct): string[] => {
  const agent = agentOf(act.agent);
  const { machine } = hurry(evidence, act);
  return [
    ...(act.bot ? ['SES takes it for a machine'] : []),
    ...(agent.kind === 'machine' ? [agent.name] : []),
    ...(machine === undefined ? [] : [machine]),
    ...(evidence.crowd.has(act.id)
      ? ['the same address and agent on mails of five or more people within ten minutes']
      : []),
  ];
};

const doubts = (evidence: Evidence, act: MailAct, burst: string | undefined): string[] => {
  if (act.type === 'open') return [];
  const { suspect } = hurry(evidence, act);
  const comingIn = ms(act.at) - ms(evidence.deliveredAt ?? evidence.sentAt) <= COMING_IN_MS;
  const { kind } = agentOf(act.agent);
  const strange = kind === 'odd' || kind === 'proxy';
  return [
    ...(suspect === undefined ? [] : [suspect]),
    ...(burst === undefined || !comingIn ? [] : [burst]),
    ...(strange ? [act.agent ? 'an agent that is no browser' : 'no agent'] : []),
  ];
};

const printOf = ({ ip, agent }: MailAct): string | undefined => (ip && agent ? `${ip}\n${agent}` : undefined);

/** Acts of a program that others of its acts gave away: same address, same agent, around the same time. */
const accomplices = (acts: readonly MailAct[], machines: ReadonlyMap<string, string[]>): Set<string> => {
  const given = acts.filter(({ id, type }) => machines.has(id) && type === 'click');
  const isOne = (act: MailAct): boolean =>
    given.some((other) => {
      const print = printOf(act);
      return print !== undefined && print === printOf(other) && Math.abs(ms(act.at) - ms(other.at)) <= SAME_PROGRAM_MS;
    });
  return new Set(acts.filter((act) => act.type === 'click' && !machines.has(act.id) && isOne(act)).map(({ id }) => id));
};

const OWN_PAGE = 'a link to a page of ours: shows no interest';

const verdictOn = (evidence: Evidence, act: MailAct, burst: string | undefined): Verdict => {
  const agent = agentOf(act.agent);
  if (act.type === 'open' && agent.kind === 'proxy') return { actor: 'proxy', reasons: [agent.name] };
  const reasons = doubts(evidence, act, burst);
  if (reasons.length > 1) return { actor: 'machine', reasons };
  if (act.own) return { actor: 'suspect', reasons: [OWN_PAGE] };
  return { actor: reasons.length > 0 ? 'suspect' : 'human', reasons };
};

/** The verdict on each act of a mail, by the act's id. */
export const judgeActs = (evidence: Evidence): Map<string, Verdict> => {
  const { acts } = evidence;
  const bursts = burstsIn(acts, evidence.links);
  const machines = new Map<string, string[]>();
  for (const act of acts) {
    const burst = bursts.machines.get(act.id);
    const reasons = [...givenAway(evidence, act), ...(burst === undefined ? [] : [burst])];
    // A proxy loads images early, and is none the less a proxy.
    const proxy = act.type === 'open' && agentOf(act.agent).kind === 'proxy';
    if (reasons.length > 0 && !proxy) machines.set(act.id, reasons);
  }
  const others = accomplices(acts, machines);
  return new Map(
    acts.map((act) => {
      const reasons = machines.get(act.id) ?? (others.has(act.id) ? ['by a program that gave itself away'] : undefined);
      return [
        act.id,
        reasons ? { actor: 'machine' as const, reasons } : verdictOn(evidence, act, bursts.doubts.get(act.id)),
      ];
    }),
  );
};

/** Whether two verdicts say the same. */
export const sameVerdict = (a: Partial<Verdict> | undefined, b: Partial<Verdict> | undefined): boolean =>
  a?.actor === b?.actor && (a?.reasons ?? []).join('\n') === (b?.reasons ?? []).join('\n');
