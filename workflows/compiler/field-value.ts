/** Whether a field may be asked, and whether a value can be an answer of it. */
import type { FieldType } from '../../functions/definition/scoring.ts';
import { nearest } from '../../functions/lead/nearest.ts';
import type { LeadField } from './names.ts';
import { shown } from './shape.ts';
import { type Fault, fail, type Spot, say } from './source.ts';
import { isCountry } from './words.ts';

/** A score that reads what only sales finds out would praise itself: it would know the answer. */
export function checkLeak(name: string, field: LeadField, spot: Spot, key = true): void {
  if (field.known !== 'after-handoff') return;
  const hint = 'A rule may read only what is known at capture.';
  fail(spot, `\`${name}\` is known only after the handoff: a rule that reads it is a leak.`, { key, hint });
}

/** Says so when no lead could ever have this value in this field; `key`: the value stands as a key. */
export function checkFieldValue(name: string, type: FieldType, value: unknown, spot: Spot, key = false): void {
  const fault = valueFault(name, type, value);
  say(spot, fault && { ...fault, key });
}

function valueFault(name: string, type: FieldType, value: unknown): Fault | undefined {
  const text = String(value);
  switch (type.type) {
    case 'choice': {
      if (type.of.includes(text)) return undefined;
      const hint = `Its choices: ${type.of.join(', ')}.`;
      return { message: `\`${name}\` has no choice ${shown(value)}.`, nearest: nearest(text, type.of), hint };
    }
    case 'number':
      if (typeof value === 'number') return undefined;
      return { message: `\`${name}\` is a number; ${shown(value)} is none.` };
    case 'boolean':
      if (text === 'true' || text === 'false') return undefined;
      return { message: `\`${name}\` is true or false; ${shown(value)} is neither.` };
    case 'country': {
      if (isCountry(text)) return undefined;
      const upper = text.toUpperCase();
      const message = `${shown(value)} is not a country: write its two letters, like \`VN\`.`;
      return { message, nearest: isCountry(upper) ? upper : undefined };
    }
    default:
      return undefined;
  }
}
