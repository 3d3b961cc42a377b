/** What a `where` may read of an event, and which of those values are names out of the definition itself. */
import { CONVERSIONS } from '../../functions/definition/form.ts';
import { nearest } from '../../functions/lead/nearest.ts';
import { type Known, type Names, requireName } from './names.ts';
import { fail, type Spot } from './source.ts';

/** Properties of our own events by noun. Those of `page` and of anybody's own events are free, like those of a clicked link. */
const PROPERTIES: Record<string, readonly string[]> = {
  form: ['form', 'conversion', 'asset', 'depth', 'problem', 'audience'],
  asset: ['form', 'conversion', 'asset', 'depth', 'problem', 'audience'],
  email: ['email', 'workflow', 'step', 'send', 'link', 'reason', 'bounce', 'suppressed'],
  handoff: ['handoff', 'answer', 'reason'],
};
const CONVERSION_EVENTS: ReadonlySet<string> = new Set(Object.values(CONVERSIONS));

/** Says so when an event of ours has no such property. */
export function checkProperty(spot: Spot, event: string, property: string): void {
  const noun = event.split('.')[0] ?? '';
  const known = PROPERTIES[noun] ?? [];
  if (known.length === 0 || known.includes(property) || event === 'email.clicked') return;
  const hint = `Properties of \`${event}\`: ${known.join(', ')}.`;
  fail(spot, `\`${event}\` has no property \`${property}\`.`, { key: true, nearest: nearest(property, known), hint });
}

/** Says so when a property's value names something that does not exist. */
export function checkPropertyValue(spot: Spot, event: string, property: string, value: unknown, names: Names): void {
  if (typeof value !== 'string') return;
  const known = knownValues(event, property, names);
  if (known) requireName(spot, value, known);
}

function knownValues(event: string, property: string, names: Names): Known | undefined {
  const noun = event.split('.')[0] ?? '';
  const ofForm = noun === 'form' || noun === 'asset' || CONVERSION_EVENTS.has(event);
  if (ofForm && property === 'form') return names.forms;
  if (ofForm && property === 'asset') return names.assets;
  if (ofForm && property === 'depth') return { word: 'depth', home: 'forms/', names: DEPTHS };
  if (noun === 'form' && property === 'conversion') return { word: 'conversion', home: 'forms/', names: NAMES };
  if (noun === 'email' && property === 'email') return names.emails;
  if (noun === 'email' && property === 'workflow') return names.workflows;
  if (noun === 'handoff' && (property === 'reason' || property === 'answer')) return names.outcomes;
  return noun === 'consent' && property === 'purpose' ? names.purposes : undefined;
}

const DEPTHS: ReadonlySet<string> = new Set(['shallow', 'deep', 'brand']);
const NAMES: ReadonlySet<string> = new Set(Object.keys(CONVERSIONS));
