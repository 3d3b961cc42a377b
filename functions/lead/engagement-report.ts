/** How mails were received, by email: both rates, of everybody and of people alone. */

/** Of mails that were sent in a span: how many. */
export interface Counts {
  delivered: number;
  opened: number;
  openedByPeople: number;
  clicked: number;
  clickedByPeople: number;
}

interface Rate {
  mails: number;
  /** Of the mails that arrived, 0 to 1, to four places; null where none did. */
  rate: number | null;
}

export interface EmailReport {
  email: string;
  delivered: number;
  opened: { all: Rate; human: Rate };
  clicked: { all: Rate; human: Rate };
}

const DAY = 86_400_000;
/** A quarter: each day is one read. */
export const MOST_DAYS = 92;

/** The days from one to the other, both included; undefined: the wrong way round, or more than a quarter. */
export const daysBetween = (from: string, to: string): string[] | undefined => {
  const [first, last] = [Date.parse(from), Date.parse(to)];
  const days = (last - first) / DAY + 1;
  if (!(days >= 1 && days <= MOST_DAYS)) return undefined;
  return Array.from({ length: days }, (_, place) => new Date(first + place * DAY).toISOString().slice(0, 10));
};

/** By name of the email. */
export const engagementReport = (counts: ReadonlyMap<string, Counts>): EmailReport[] =>
  [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([email, { delivered, opened, openedByPeople, clicked, clickedByPeople }]) => {
      const rate = (mails: number): Rate => ({
        mails,
        rate: delivered > 0 ? Math.round((mails / delivered) * 10_000) / 10_000 : null,
      });
      return {
        email,
        delivered,
        opened: { all: rate(opened), human: rate(openedByPeople) },
        clicked: { all: rate(clicked), human: rate(clickedByPeople) },
      };
    });
