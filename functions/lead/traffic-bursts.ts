/** Clicks that come too close together to be a person's: several links at once, all links within a minute, ours with others. */
import type { Instant } from './event.ts';

interface Click {
  id: string;
  type: 'click' | 'open';
  at: Instant;
  link?: string;
  own?: true;
}

/** So many different links within so many milliseconds are a machine's. */
const LIMITS = [
  { links: 2, within: 1000, why: 'two links within a second' },
  { links: 3, within: 10_000, why: 'three links within ten seconds' },
] as const;
/** Both links of a mail are followed by many a person within a minute; from three on it takes a program to follow all. */
const FEWEST_OF_ALL = 3;
const EVERY_LINK = 'every link within a minute';
const MINUTE = 60_000;
/** A person reads one page before asking for the next; who wants out of it all does not open the offer in the same moment. */
const OURS_WITHIN = 10_000;

type Window = readonly Click[];

/** The longest runs of clicks, in order of time, that lie within a span; one for each click that may begin one. */
const windows = (clicks: readonly Click[], span: number): Window[] =>
  clicks.map((first, place) => {
    const end = Date.parse(first.at) + span;
    let after = place;
    while (after < clicks.length && Date.parse(clicks[after]?.at ?? '') <= end) after++;
    return clicks.slice(place, after);
  });

const linksOf = (window: Window): Set<string> => new Set(window.flatMap(({ link }) => link ?? []));

/** By the ids of clicks: why they are a machine's; and why they may be. */
export interface Bursts {
  machines: Map<string, string>;
  doubts: Map<string, string>;
}

/**
 * Why clicks are part of a burst: the first reason that fits. `links`: how many links of content the mail
 * has, if that is known.
 */
export const burstsIn = (acts: readonly Click[], links: number | undefined): Bursts => {
  const clicks = acts
    .filter(({ type }) => type === 'click')
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1));
  const bursts: Bursts = { machines: new Map(), doubts: new Map() };
  const note = (span: number, why: string, isBurst: (window: Window) => boolean, into = bursts.machines): void => {
    for (const window of windows(clicks, span)) {
      if (!isBurst(window)) continue;
      for (const { id } of window) if (!into.has(id)) into.set(id, why);
    }
  };
  for (const limit of LIMITS) note(limit.within, limit.why, (window) => linksOf(window).size >= limit.links);
  note(OURS_WITHIN, 'a link to leave and a link of content, together', (window) => {
    return window.some(({ own }) => own) && window.some(({ own }) => !own);
  });
  if (links !== undefined && links > 1) {
    const content = (window: Window) => window.filter(({ own }) => !own);
    const all = (window: Window) => linksOf(content(window)).size >= links;
    const into = links >= FEWEST_OF_ALL ? bursts.machines : bursts.doubts;
    note(MINUTE, EVERY_LINK, all, into);
    note(
      MINUTE,
      'every link within a minute, and one of ours',
      (window) => window.some(({ own }) => own) && all(window),
    );
  }
  return bursts;
};
