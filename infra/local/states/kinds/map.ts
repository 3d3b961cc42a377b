/** Map, inline: runs the same states for each item of a list; its result is the list of their outputs. */
import { tooLarge } from '../failure.ts';
import { isTooLarge, type Json, parseJson } from '../json.ts';
import { integerTemplate, isExpression, note, type Part, partOf, requireFields, template } from '../machine/field.ts';
import { checkFields } from '../machine/known-fields.ts';
import { leaving } from '../machine/leaving.ts';
import type { MapState } from '../machine/machine.ts';
import { catchers, retriers } from '../machine/recovery.ts';
import type { Begin, Step } from '../run/step.ts';
import { integerValue, unexpected } from '../run/typed-value.ts';
import type { Visit } from '../run/visit.ts';
import type { Thread } from '../storage/threads.ts';

/** An inline Map runs this many iterations at once where it names no fewer (AWS developer guide, "Inline mode"). */
const INLINE_CONCURRENCY = 40;

export function compileMap(part: Part, name: string, addScope: (scope: Part) => string): MapState {
  requireFields(part, 'ItemProcessor');
  const given = part.fields.ItemProcessor;
  const processor = given === undefined ? undefined : partOf(part, given, 'ItemProcessor');
  if (processor) checkProcessor(processor);
  const { Items: items } = part.fields;
  if (items !== undefined && !Array.isArray(items) && !isExpression(items)) {
    note(part, 'Expected value of type [ARRAY] or a JSONata expression', 'Items');
  }
  return {
    type: 'Map',
    name,
    processor: processor ? addScope(processor) : '',
    items: template(part, 'Items'),
    itemSelector: template(part, 'ItemSelector'),
    maxConcurrency: integerTemplate(part, 'MaxConcurrency', 0, Number.MAX_SAFE_INTEGER),
    retry: retriers(part),
    catch: catchers(part),
    ...leaving(part, ['result']),
  };
}

function checkProcessor(processor: Part): void {
  checkFields(processor, ['ProcessorConfig', 'StartAt', 'States', 'Comment']);
  if (processor.fields.ProcessorConfig === undefined) return;
  const config = partOf(processor, processor.fields.ProcessorConfig, 'ProcessorConfig');
  if (!config) return;
  checkFields(config, ['Mode']);
  const { Mode: mode } = config.fields;
  if (mode !== undefined && mode !== 'INLINE')
    note(config, `The mode '${mode}' is not supported by the local engine`, 'Mode');
}

export async function runMap(visit: Visit, state: MapState): Promise<Step> {
  const bindings = visit.bindings();
  const items = state.items ? await state.items.evaluate(bindings, visit.now) : visit.input;
  if (!Array.isArray(items)) throw unexpected(state.items ?? INPUT, 'array', items);
  const asked =
    state.maxConcurrency && (await integerValue(visit, state.maxConcurrency, bindings, 0, Number.MAX_SAFE_INTEGER));
  if (isTooLarge(JSON.stringify(items))) throw tooLarge(state.name);
  return {
    kind: 'fork',
    events: [{ type: 'MapStateStarted', details: { length: items.length } }],
    children: items.map((item) => ({ scope: state.processor, work: JSON.stringify(item) })),
    atOnce: Math.min(items.length, asked || INLINE_CONCURRENCY),
  };
}

const INPUT = { location: 'Items', constant: true, evaluate: () => null };

/** The input of one iteration; `visit` is that of the Map. @throws StateFailure */
export async function beginIteration(visit: Visit, state: MapState, iteration: Thread): Promise<Begin> {
  const item = parseJson(iteration.work ?? 'null');
  const input = state.itemSelector
    ? await selected(visit, state.itemSelector, { index: iteration.slot, value: item })
    : item;
  const text = JSON.stringify(input);
  if (isTooLarge(text)) throw tooLarge(state.name);
  return { kind: 'begin', input: text };
}

function selected(visit: Visit, selector: NonNullable<MapState['itemSelector']>, item: { index: number; value: Json }) {
  return selector.evaluate(visit.bindings({ item }), visit.now);
}
