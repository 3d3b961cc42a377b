/**
 * Mistyped mail domains: gmial.com, gmail.con, hotmal.com. A suggestion for the one who types, never a refusal. Bundled into
 * the script for browsers, so it knows no more than it must.
 */

/** The large providers; the first two have one ending only. */
const PROVIDERS = ['gmail', 'icloud', 'yahoo', 'hotmail', 'outlook'];
/** One letter away from a provider, and real. */
const REAL = /^([yfqzh]?mail|email|cloud|gail)\./;
/** No endings, but fingers that missed `com`; also before a country. */
const NO_ENDING = /\.(con|cmo|ocm|comm|coom|vom|xom|cpm|c0m|clm)(?=$|\.[a-z]{2}$)/;
const ENDING = /^(com?|om|net|org)?(\.?[a-z]{2})?$/;

/** Whether one letter was added, lost or mistaken, or two were swapped. */
const isOneAway = (typed: string, meant: string): boolean => {
  let start = 0;
  while (start < meant.length && typed[start] === meant[start]) start++;
  const [rest, other] = [typed.slice(start), meant.slice(start)];
  const [after, beyond] = [rest.slice(1), other.slice(1)];
  const swapped = rest[0] === beyond[0] && after[0] === other[0] && after.slice(1) === beyond.slice(1);
  return after === other || rest === beyond || after === beyond || swapped;
};

/** The domain that was probably meant, or undefined. `domain` in lower case. */
export const meantDomain = (domain: string): string | undefined => {
  const mended = domain.replace(NO_ENDING, '.com');
  const dot = mended.indexOf('.');
  const [name, ending] = [mended.slice(0, dot), mended.slice(dot + 1)];
  let meant = mended;
  if (dot > 0 && ENDING.test(ending) && !REAL.test(mended)) {
    PROVIDERS.forEach((provider, nth) => {
      if (isOneAway(name, provider)) meant = `${provider}.${nth < 2 ? 'com' : ending.replace(/^(co|cm|om)?$/, 'com')}`;
    });
  }
  return meant === domain ? undefined : meant;
};
