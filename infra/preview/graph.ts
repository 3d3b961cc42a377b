/** What is drawn of a workflow: boxes and the ways between them, sized by their words. */
import type { Step, Workflow } from '../../functions/definition/workflow.ts';
import { waysOf } from '../../functions/lead/step-ways.ts';
import { awaitedWords, triggerWords, untilWords } from '../../functions/lead/workflow-words.ts';
import { textWidth, wrapText } from './text-width.ts';

export const LETTERS = { title: 14, small: 12 };
const LINE = 18;
const BOX = { least: 130, most: 220, side: 18, top: 11 };

export interface Box {
  id: string;
  kind: Step['kind'] | 'start' | 'end' | 'label' | 'bend';
  /** The marketer's own words. */
  title: string[];
  /** More about it, smaller. */
  small: string[];
  width: number;
  height: number;
  /** The step that it stands for. */
  step?: Step;
}

export interface Graph {
  boxes: Map<string, Box>;
  /** From box to box, downwards. A way with words has a box of its own for them. */
  ways: { from: string; to: string }[];
}

/** @param note more about a step, by its id: the subject of a mail. */
export function graphOf(workflow: Workflow, note: (step: Step) => string | undefined = () => undefined): Graph {
  const boxes = new Map<string, Box>();
  const ways: Graph['ways'] = [];
  const add = (box: Box) => boxes.set(box.id, box);
  const boxId = (id: string | null) => (id === null ? END : `step ${id}`);
  add(sized({ id: START, kind: 'start', words: 'Begins', more: triggerWords(workflow) }));
  for (const step of Object.values(workflow.steps)) {
    const more = note(step) ?? detailOf(step);
    add({ ...sized({ id: boxId(step.id), kind: step.kind, words: step.title, ...(more ? { more } : {}) }), step });
    for (const [index, { label, to }] of waysOf(step).entries()) {
      if (label === '') ways.push({ from: boxId(step.id), to: boxId(to) });
      else {
        const id = `label ${step.id} ${index}`;
        add(labelBox(id, label));
        ways.push({ from: boxId(step.id), to: id }, { from: id, to: boxId(to) });
      }
    }
  }
  add({ id: END, kind: 'end', title: ['End'], small: [], width: 70, height: 34 });
  ways.push({ from: START, to: boxId(workflow.first) });
  return { boxes, ways };
}

export const START = 'start';
const END = 'end';

/** What the title alone does not tell. */
function detailOf(step: Step): string | undefined {
  if (step.kind === 'waitFor') {
    const isSaid = 'stage' in step.awaited || ('event' in step.awaited && !step.awaited.where);
    return isSaid ? undefined : awaitedWords(step.awaited);
  }
  if (step.kind === 'waitUntil') return untilWords(step.until);
  if (step.kind !== 'set') return undefined;
  const given = Object.entries(step.fields).map(([field, value]) => `${field} = ${value}`);
  const tags = [...step.tags.add.map((tag) => `+ ${tag}`), ...step.tags.remove.map((tag) => `− ${tag}`)];
  return [...given, ...tags].join(', ') || undefined;
}

function sized({ id, kind, words, more }: { id: string; kind: Box['kind']; words: string; more?: string }): Box {
  const room = BOX.most - 2 * BOX.side;
  const title = wrapText(words, { size: LETTERS.title * 1.06, width: room, most: 4 });
  const small = more === undefined ? [] : wrapText(more, { size: LETTERS.small, width: room, most: 3 });
  const widest = Math.max(
    ...title.map((line) => textWidth(line, LETTERS.title * 1.06)),
    ...small.map((line) => textWidth(line, LETTERS.small)),
  );
  const width = Math.ceil(Math.min(BOX.most + 20, Math.max(BOX.least, widest + 2 * BOX.side)));
  return { id, kind, title, small, width, height: (title.length + small.length) * LINE + 2 * BOX.top };
}

function labelBox(id: string, words: string): Box {
  const title = wrapText(words, { size: LETTERS.small, width: 150, most: 3 });
  const width = Math.ceil(Math.max(...title.map((line) => textWidth(line, LETTERS.small))) + 12);
  return { id, kind: 'label', title, small: [], width, height: title.length * 16 + 6 };
}
