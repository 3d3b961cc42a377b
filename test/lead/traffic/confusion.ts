/** Judges a mixture as the system would, by the time that all is known, and counts who was taken for whom. */
import type { Actor } from '../../../functions/lead/event.ts';
import { judgeActs } from '../../../functions/lead/traffic.ts';
import { crowdAround, type Seen } from '../../../functions/lead/traffic-crowd.ts';
import { withLabels } from '../../../functions/lead/verdict.ts';
import { eventOf } from '../histories.ts';
import type { Kind, MixedAct, MixedMail } from './mixture.ts';

export interface Confusion {
  /** By who it was and what it did, then by who it was taken for. */
  rows: Map<string, Record<'human' | 'suspect' | 'machine' | 'proxy', number>>;
  machines: { acts: number; scored: number };
  people: { acts: number; lost: number };
}

/** Ids of the acts that stand in a crowd. */
const crowdsIn = (mails: readonly MixedMail[]): Set<string> => {
  const prints = new Map<string, Seen[]>();
  for (const { leadId, acts } of mails) {
    for (const { id, type, ip, agent, at } of acts) {
      if (type !== 'click' || !ip || !agent) continue;
      const print = `${ip} ${agent}`;
      prints.set(print, [...(prints.get(print) ?? []), { leadId, messageId: leadId, actId: id, at }]);
    }
  }
  const all = [...prints.values()].flatMap((seen) => seen.filter((act) => crowdAround(act, seen).own));
  return new Set(all.map(({ actId }) => actId));
};

/** The last word on each act of a mail: what its evidence says, and what the lead did afterwards. */
const actorsOn = (mail: MixedMail, crowd: ReadonlySet<string>): Map<string, Actor> => {
  const verdicts = judgeActs({ ...mail, crowd });
  const acts = mail.acts.map(({ key, at, type, id }) =>
    eventOf(key, at, {
      type: type === 'click' ? 'email.clicked' : 'email.opened',
      actor: verdicts.get(id)?.actor ?? 'suspect',
    }),
  );
  const looks = mail.looks.map((at, place) => eventOf(`look${place}`, at, { data: { seconds: 12 } }));
  return new Map(withLabels([...acts, ...looks]).map(({ key, actor }) => [key, actor]));
};

export const confusionOf = (mails: readonly MixedMail[]): Confusion => {
  const crowd = crowdsIn(mails);
  const rows: Confusion['rows'] = new Map();
  const [machines, people] = [
    { acts: 0, scored: 0 },
    { acts: 0, lost: 0 },
  ];
  const note = ({ by, kind }: MixedAct, taken: Actor): void => {
    const name = rowOf(by, kind);
    const row = rows.get(name) ?? { human: 0, suspect: 0, machine: 0, proxy: 0 };
    if (isColumn(taken)) row[taken]++;
    rows.set(name, row);
    if (by === 'human') {
      people.acts++;
      if (taken !== 'human') people.lost++;
    } else if (by === 'machine') {
      machines.acts++;
      if (taken === 'human') machines.scored++;
    }
  };
  for (const mail of mails) {
    const actors = actorsOn(mail, crowd);
    for (const act of mail.acts) note(act, actors.get(act.key) ?? 'suspect');
  }
  return { rows, machines, people };
};

const rowOf = (by: MixedAct['by'], kind: Kind): string => `${by}: ${kind}`;

const isColumn = (actor: Actor): actor is 'human' | 'suspect' | 'machine' | 'proxy' =>
  ['human', 'suspect', 'machine', 'proxy'].includes(actor);

const percent = (part: number, of: number): string => `${((100 * part) / Math.max(1, of)).toFixed(2)} %`;

/** The table, as text. */
export const tableOf = ({ rows, machines, people }: Confusion): string => {
  const line = (name: string, cells: (string | number)[]) =>
    `${name.padEnd(26)}${cells.map((cell) => String(cell).padStart(9)).join('')}`;
  const lines = [...rows]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { human, suspect, machine, proxy }]) => line(name, [human, suspect, machine, proxy]));
  return [
    line('who it was', ['human', 'suspect', 'machine', 'proxy']),
    ...lines,
    `machines scored: ${machines.scored} of ${machines.acts} (${percent(machines.scored, machines.acts)})`,
    `people lost: ${people.lost} of ${people.acts} (${percent(people.lost, people.acts)})`,
  ].join('\n');
};
