/**
 * Two runs in turns, one standing still while the other is measured: what the machine is busy with beside them changes by
 * half within minutes, and so hits both.
 */
import type { System } from '../system/system.ts';

export const TURNS = 10;

export interface Contender {
  system: System;
  /** Does its share of the work in this turn. @returns how many it did in a second. */
  turn: (nth: number) => Promise<number>;
}

/** @returns what each did in a second: the middle one of its turns. */
export async function inTurns(one: Contender, other: Contender): Promise<[number, number]> {
  const rates: [number[], number[]] = [[], []];
  other.system.hold();
  for (let nth = 0; nth < TURNS; nth++) {
    rates[0].push(await one.turn(nth));
    one.system.hold();
    other.system.goOn();
    rates[1].push(await other.turn(nth));
    other.system.hold();
    one.system.goOn();
  }
  other.system.goOn();
  return [middle(rates[0]), middle(rates[1])];
}

const middle = (rates: number[]): number => rates.sort((a, b) => a - b)[rates.length >> 1] ?? 0;
