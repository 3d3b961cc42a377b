/** A workflow as a Mermaid flowchart, which many editors, wikis and GitHub draw. */
import type { Step, Workflow } from '../definition/workflow.ts';
import { waysOf } from '../lead/step-ways.ts';
import { endWords, sendWords, triggerWords } from '../lead/workflow-words.ts';

/** What stands between the brackets around a step, by kind. */
const SHAPES: Record<Step['kind'], [string, string]> = {
  wait: ['([', '])'],
  waitUntil: ['([', '])'],
  send: ['[', ']'],
  waitFor: ['{{', '}}'],
  choose: ['{{', '}}'],
  split: ['{{', '}}'],
  enrol: ['[[', ']]'],
  set: ['[/', '/]'],
  webhook: ['[[', ']]'],
};

/** Steps get names of their own: what a marketer calls them may hold any character. */
export function diagramOf(workflow: Workflow): string {
  const ids = new Map(Object.keys(workflow.steps).map((step, i) => [step, `s${i}`]));
  const nodeOf = (step: string | null): string => (step === null ? 'done' : (ids.get(step) ?? 'done'));
  const steps = Object.values(workflow.steps);
  const nodes = steps.map(({ id, title, kind }) => {
    const [open, close] = SHAPES[kind];
    return `  ${nodeOf(id)}${open}${quoted(title)}${close}`;
  });
  const arrows = steps.flatMap((step) =>
    waysOf(step).map(({ label, to }) => `  ${nodeOf(step.id)} -->${label ? `|${quoted(label)}|` : ''} ${nodeOf(to)}`),
  );
  const beside = [...endWords(workflow), sendWords(workflow.send)].filter(Boolean);
  return [
    'flowchart TD',
    `  start((${quoted(triggerWords(workflow))}))`,
    ...nodes,
    '  done((end))',
    ...(beside.length > 0 ? [`  beside>${quoted(beside.join('\n'))}]`] : []),
    `  start --> ${nodeOf(workflow.first)}`,
    ...arrows,
  ].join('\n');
}

/** In quotes any character may stand; Mermaid writes its own for a quote and a line end. */
const quoted = (text: string): string =>
  `"${text.replaceAll('&', '&amp;').replaceAll('"', '#quot;').replaceAll('<', '&lt;').replaceAll('\n', '<br>')}"`;
