/**
 * A mailing to many leads, with people and machines mixed as the settings say, the same for the same seed. Each act knows
 * who did it, which the judge does not.
 */
import type { MailAct } from '../../../functions/lead/traffic.ts';
import { APPLE, CHROME, EDGE, GMAIL, IPHONE, YAHOO } from './trace.ts';

/** Shares of 1. Where no source is given, nobody publishes a figure and the number is ours: change it and look. */
export interface Rates {
  /** Mails in which a person clicks. Ours: a nurture mail that was asked for. */
  peopleClick: number;
  /** Mails whose links a machine follows. 10-30 % of clicks are machines' (vendors, by facts/domain.md D4); here a third. */
  machinesFollow: number;
  /** Of the people who click: within half a minute of the delivery. Ours. */
  quickPeople: number;
  /** Of the machines that follow every link: those to unsubscribe, too (mautic/mautic#9162: “everything”). Ours. */
  followOurs: number;
  /** Of the people who click: followed by a second link within seconds, and by a third. Ours. */
  secondTab: number;
  thirdTab: number;
  /** Of the people who click: look at the page for five seconds where `ripen.js` runs. Ours. */
  lookAtPage: number;
  /** People who share one address and browser with colleagues, who all get the mail. Ours. */
  office: number;
  /** Of the machines, by what they do; sums to 1. The kinds are those of facts/domain.md D4 and peers.md 2.2; the shares ours. */
  machines: Record<MachineKind, number>;
}

export type MachineKind = 'early' | 'every-link' | 'same-second' | 'named' | 'crowd' | 'quick-one' | 'like-a-person';

export const RATES: Rates = {
  peopleClick: 0.12,
  machinesFollow: 0.06,
  quickPeople: 0.01,
  followOurs: 0.9,
  secondTab: 0.03,
  thirdTab: 0.001,
  lookAtPage: 0.7,
  office: 0.1,
  machines: {
    early: 0.45,
    'every-link': 0.25,
    'same-second': 0.1,
    named: 0.08,
    crowd: 0.07,
    'quick-one': 0.048,
    'like-a-person': 0.002,
  },
};

export type Kind = MachineKind | 'person' | 'quick person' | 'image proxy';

export interface MixedAct extends MailAct {
  by: 'human' | 'machine' | 'proxy';
  kind: Kind;
}
export interface MixedMail {
  leadId: string;
  sentAt: string;
  deliveredAt: string;
  links: number;
  acts: MixedAct[];
  /** When the lead was seen to look at a page. */
  looks: string[];
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export const randomOf = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

const START = Date.parse('2027-03-02T02:00:00.000Z');
const at = (ms: number): string => new Date(Math.round(ms)).toISOString();
const AGENTS = [CHROME, EDGE, IPHONE];

interface Dice {
  next(): number;
  chance(share: number): boolean;
  between(from: number, to: number): number;
  /** A time in seconds of which half are shorter; long ones are rare. */
  about(median: number): number;
  one<T>(of: readonly T[]): T;
}

const diceOf = (next: () => number): Dice => ({
  next,
  chance: (share) => next() < share,
  between: (from, to) => from + next() * (to - from),
  about: (median) => median * Math.exp(1.2 * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())),
  one: (of) => of[Math.floor(next() * of.length)] as (typeof of)[number],
});

type Plan = { after: number; link: string; own?: true; ip: string; agent: string }[];

const LINKS = ['guide', 'story', 'demo', 'webinar'];

const personPlan = (dice: Dice, rates: Rates, links: number, place: number): { plan: Plan; quick: boolean } => {
  const office = dice.chance(rates.office);
  // Six colleagues in an office; a large office has newer and older browsers, a small one the same.
  const ip = office ? `192.0.2.${Math.floor(place / 6) % 200}` : `192.0.${2 + (place >> 8)}.${place % 256}`;
  const agent = office ? EDGE : dice.one(AGENTS);
  const quick = dice.chance(rates.quickPeople);
  const after = quick ? dice.between(2.5, 30) : 30 + dice.about(10_000);
  const plan: Plan = [{ after, link: 'guide', ip, agent }];
  const third = links > 2 && dice.chance(rates.thirdTab);
  if (third || (links > 1 && dice.chance(rates.secondTab))) {
    plan.push({ after: after + 1.2 + dice.about(12), link: 'story', ip, agent });
    if (third) plan.push({ after: (plan[1]?.after ?? after) + dice.about(4), link: 'demo', ip, agent });
  }
  return { plan, quick };
};

const inTurn = (links: number, from: number, gap: () => number, ip: string, agent: string): Plan => {
  let after = from;
  return LINKS.slice(0, links).map((link) => {
    const line = { after, link, ip, agent };
    after += gap();
    return line;
  });
};

/** One after the other, those at the foot of the mail last. */
const everyLink = (dice: Dice, links: number, ours: boolean, ip: string, agent: string): Plan => {
  const gap = () => dice.between(1.5, 9);
  const plan = inTurn(links, dice.between(30, 600), gap, ip, agent);
  const last = plan.at(-1)?.after ?? 0;
  return ours ? [...plan, { after: last + gap(), link: 'unsubscribe', own: true, ip, agent }] : plan;
};

const machinePlan = (dice: Dice, kind: MachineKind, links: number, ours: boolean, place: number): Plan => {
  const ip = `203.0.${113 + (place % 40)}.${place % 256}`;
  const agent = dice.one([CHROME, EDGE]);
  switch (kind) {
    case 'early':
      return inTurn(links, dice.between(-8, 0), () => dice.between(0.05, 0.4), ip, agent);
    case 'every-link':
      return everyLink(dice, links, ours, ip, agent);
    case 'same-second':
      return inTurn(2, dice.between(30, 3600), () => dice.between(0, 0.9), ip, agent);
    case 'named':
      return inTurn(
        1,
        dice.between(30, 3600),
        () => 1,
        ip,
        dice.one(['BarracudaCentral/1.0', 'curl/8.5.0', `${CHROME} BingPreview/1.0b`]),
      );
    case 'crowd':
      // A service with one way out, which takes a link of each mail in its turn.
      return inTurn(1, dice.between(35, 200), () => 1, '203.0.113.200', CHROME);
    case 'quick-one':
      return inTurn(1, dice.between(2.1, 29.9), () => 1, ip, agent);
    case 'like-a-person':
      return inTurn(1, dice.between(600, 40_000), () => 1, ip, agent);
  }
};

const kindOf = (dice: Dice, shares: Rates['machines']): MachineKind => {
  let left = dice.next();
  for (const [kind, share] of Object.entries(shares) as [MachineKind, number][]) {
    left -= share;
    if (left < 0) return kind;
  }
  return 'early';
};

/** The mails of one mailing, sent over a quarter of an hour. */
export const mixture = (count: number, seed: number, rates: Rates = RATES): MixedMail[] => {
  const dice = diceOf(randomOf(seed));
  return Array.from({ length: count }, (_, place): MixedMail => {
    const sent = START + (place / count) * 900_000;
    const delivered = sent + dice.between(600, 9000);
    const links = dice.one([1, 2, 2, 3, 3, 3, 4, 4]);
    const acts: MixedAct[] = [];
    const note = (plan: Plan, by: MixedAct['by'], kind: Kind) => {
      for (const { after, ...line } of plan) {
        const id = `${place}-${acts.length}`;
        acts.push({ id, key: `ses:${id}`, type: 'click', at: at(delivered + after * 1000), ...line, by, kind });
      }
    };
    if (dice.chance(rates.machinesFollow)) {
      const kind = kindOf(dice, rates.machines);
      note(machinePlan(dice, kind, links, dice.chance(rates.followOurs), place), 'machine', kind);
    }
    const looks: string[] = [];
    if (dice.chance(rates.peopleClick)) {
      const { plan, quick } = personPlan(dice, rates, links, place);
      note(plan, 'human', quick ? 'quick person' : 'person');
      if (dice.chance(rates.lookAtPage)) looks.push(at(delivered + ((plan[0]?.after ?? 0) + 20) * 1000));
    }
    if (dice.chance(0.4)) {
      const agent = dice.one([GMAIL, GMAIL, APPLE, YAHOO]);
      const opened = at(delivered + dice.about(3000) * 1000);
      acts.push({
        id: `${place}-o`,
        key: `ses:${place}-o`,
        type: 'open',
        at: opened,
        agent,
        ip: '66.249.84.1',
        by: 'proxy',
        kind: 'image proxy',
      });
    }
    return { leadId: `lead_${place}`, sentAt: at(sent), deliveredAt: at(delivered), links, acts, looks };
  });
};
