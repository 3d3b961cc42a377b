/** Chance that can be repeated: the same seed and place give the same numbers on any machine. */

export interface Chance {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** True with this probability. */
  happens(probability: number): boolean;
  /** A key of the shares, as likely as its share of their sum; undefined for no shares. */
  pick(shares: Record<string, number>): string | undefined;
  /** A delay whose median is given: most come soon, few late (log-normal, sigma 1). */
  delay(medianMs: number): number;
}

/** FNV-1a: spreads seeds that are alike. */
const hash = (text: string): number => {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
};

/** @param place what it is for, so that one lead's chance never depends on another's: the number of the lead. */
export function createChance(seed: string, place: number): Chance {
  let state = hash(`${seed}#${place}`);
  // Mulberry32 (public domain): 32 bits of state do for the few hundred numbers of a lead.
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    happens: (probability) => next() < probability,
    pick(shares) {
      const entries = Object.entries(shares);
      let left = next() * entries.reduce((sum, [, share]) => sum + share, 0);
      for (const [key, share] of entries) {
        left -= share;
        if (left < 0) return key;
      }
      return entries.at(-1)?.[0];
    },
    delay(medianMs) {
      // Box and Muller.
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
      return Math.round(medianMs * Math.exp(normal));
    },
  };
}
