/**
 * The brake: marketing mail stops by itself before SES reviews the account. SES reviews at 5 % bounces and at 0.1 %
 * complaints, and pauses sending at 10 % and 0.5 % (SES developer guide, "Sender review process FAQs").
 */
import type { Instant } from './event.ts';

/** Four fifths of the way to a review: time to stop before it, and not at every bad list. */
const MOST_BOUNCES = 0.04;
const MOST_COMPLAINTS = 0.0008;

/**
 * So few say nothing: of mail that bounces at a sound 2 %, 250 bring 10 bounces by chance on one day in thirty. Reached, they
 * count however few were sent: 10 of 20 is worse than 10 of 250.
 */
const FEWEST_BOUNCES = 10;
/** At a sound 0.02 %, 3,750 mails bring 3 complaints by chance on one day in twenty-five. */
const FEWEST_COMPLAINTS = 3;

const DAY_MS = 86_400_000;

/** The mails of 24 hours, and what came of them. */
export interface Day {
  sends: number;
  bounces: number;
  complaints: number;
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.01 ? 2 : 1)} %`;

const said = (what: string, count: number, sends: number, review: string): string =>
  sends > count
    ? `${count} ${what} of ${sends} mails in 24 hours (${percent(count / sends)}; SES reviews at ${review})`
    : `${count} ${what} in 24 hours (SES reviews at ${review})`;

/** Why marketing mail must stop now, in words for the pages; undefined: it may go on. */
export const brakeReason = ({ sends, bounces, complaints }: Day): string | undefined => {
  if (complaints >= FEWEST_COMPLAINTS && complaints >= MOST_COMPLAINTS * sends)
    return said('complaints', complaints, sends, '0.1 %');
  return bounces >= FEWEST_BOUNCES && bounces >= MOST_BOUNCES * sends
    ? said('bounces', bounces, sends, '5 %')
    : undefined;
};

/**
 * How many of the mails of 24 hours were sent since the brake was released. SES tells the sum alone (`now24`): what had been
 * sent when counting began anew (`then24`) falls out of it in the course of a day, here as if it had gone out evenly.
 */
export const sendsSince = (now24: number, began: { at: Instant; then24: number } | undefined, now: Instant): number => {
  if (!began) return now24;
  const passed = Math.min(1, Math.max(0, (Date.parse(now) - Date.parse(began.at)) / DAY_MS));
  return Math.max(0, Math.round(now24 - began.then24 * (1 - passed)));
};
