/** What a rescoring comes to: who changes stage or goes to sales, and how many. */
import type { Rescoring } from '../../functions/adapters/rescoring.ts';
import { oneLine } from '../../functions/lead/mail-header.ts';

/** A lead that changes its stage or is handed to sales. */
export interface Change {
  id: string;
  from: string;
  to: string;
  handsOver?: true;
}

export interface Sum {
  leads: number;
  /** Whose shown points or stage change. */
  changed: number;
  handsOver: number;
  /** By move: `iql → mql`. */
  moves: Record<string, number>;
  failed: { leadId: string; why: string }[];
  /** Of all leads, in the order of the list: small, as there may be a hundred thousand. */
  changes: Change[];
}

/** So many are told of at a terminal; --json has all. */
const MOST_SHOWN = 30;

export class Rescored {
  readonly sum: Sum = { leads: 0, changed: 0, handsOver: 0, moves: {}, failed: [], changes: [] };
  /** Of those that are shown. */
  private readonly names = new Map<string, string>();

  add({ leadId: id, name, before, after, handsOver }: Rescoring): void {
    const { sum } = this;
    const moves = before.stage !== after.stage;
    sum.leads += 1;
    if (moves || before.fit !== after.fit || before.engagement !== after.engagement) sum.changed += 1;
    if (handsOver) sum.handsOver += 1;
    if (moves) {
      const move = `${before.stage} → ${after.stage}`;
      sum.moves[move] = (sum.moves[move] ?? 0) + 1;
    }
    if (!moves && !handsOver) return;
    if (name !== undefined && sum.changes.length < MOST_SHOWN) this.names.set(id, name);
    sum.changes.push({ id, from: before.stage, to: after.stage, ...(handsOver && { handsOver }) });
  }

  fail(leadId: string, error: unknown): void {
    this.sum.failed.push({ leadId, why: error instanceof Error ? error.message : String(error) });
  }

  /** For a terminal: who, then how many. `done`: it was not only looked at. */
  told(done: boolean): string {
    const { leads, changed, handsOver, moves, failed, changes } = this.sum;
    const more = changes.length - MOST_SHOWN;
    return [
      ...changes.slice(0, MOST_SHOWN).map((change) => this.line(change)),
      ...(more > 0 ? [`… and ${more} more: --json lists them all.`] : []),
      `${leads} leads ${done ? 'were' : 'would be'} folded anew: the points or the stage of ${changed} change.`,
      ...Object.entries(moves).map(([move, count]) => `  ${move.padEnd(MOVE)}${count}`),
      ...(handsOver > 0 ? [`  ${'handed to sales'.padEnd(MOVE)}${handsOver}`] : []),
      ...failed.map(({ leadId, why }) => `  ${leadId} failed: ${why}`),
      ...(done ? [] : ['Nothing was changed. Do it with --yes.']),
    ].join('\n');
  }

  private line({ id, from, to, handsOver }: Change): string {
    const move = from === to ? `stays ${to}` : `${from} → ${to}`;
    const name = oneLine(this.names.get(id) ?? '');
    return `${id}  ${move.padEnd(MOVE)}${(handsOver ? 'to sales' : '').padEnd(10)}${name}`.trimEnd();
  }
}

/** As wide as the longest move, and a gap. */
const MOVE = 26;
