/** Names of events: ours are closed, anybody else's are free but for a slip of the fingers. */
import { CONVERSIONS } from '../../functions/definition/form.ts';
import { OWN_EVENTS, OWN_NOUNS } from '../../functions/lead/event.ts';
import { distance, nearest } from '../../functions/lead/nearest.ts';
import { type Fault, fail, type Spot, say, warn } from './source.ts';

const EVENT = /^[a-z][a-z0-9-]{0,39}\.[a-z][a-z0-9-]{0,39}$/;
const KNOWN: ReadonlySet<string> = new Set([...OWN_EVENTS, ...Object.values(CONVERSIONS)]);
const NOUNS: ReadonlySet<string> = new Set(OWN_NOUNS);

/** Whether Ripen itself makes the event. */
export const isOwnEvent = (event: string): boolean => KNOWN.has(event);

/** Says what is wrong with an event's name. */
export function checkEventName(spot: Spot, event: string): void {
  if (KNOWN.has(event)) return;
  const noun = event.split('.')[0] ?? '';
  const near = nearest(event, KNOWN);
  if (NOUNS.has(noun)) say(spot, closedFault(noun, event));
  else if (!EVENT.test(event)) {
    fail(spot, `\`${event}\` is not an event: write noun.past, like \`webinar.attended\`.`, { nearest: near });
  } else if (near && distance(event, near) <= 2) {
    const hint = 'If the event is your own, a name that is less alike keeps the two apart.';
    warn(spot, `\`${event}\` is almost \`${near}\`, an event of Ripen's own.`, { nearest: near, hint });
  }
}

function closedFault(noun: string, event: string): Fault {
  const own = [...KNOWN].filter((each) => each.startsWith(`${noun}.`));
  const near = nearest(event, own) ?? own.find((each) => stem(each) === stem(event));
  return {
    message: `There is no event \`${event}\`.`,
    nearest: near,
    hint: `Events of \`${noun}\`: ${own.join(', ')}.`,
  };
}

/** `form.submit`, `form.submits` and `form.submitted` have one stem. */
const stem = (event: string): string => event.replace(/(?:t?ted|ed|s)$/, '');
