/** A workflow as a Mermaid flowchart, which many editors and wikis draw. */
import type { Step, Workflow } from '../definition/workflow.ts';

/** Steps get names of their own: what a marketer calls them may hold any character. */
export function diagramOf(workflow: Workflow): string {
  const ids = new Map(Object.keys(workflow.steps).map((step, i) => [step, `s${i}`]));
  const nodeOf = (step: string | null): string => (step === null ? 'done' : (ids.get(step) ?? 'done'));
  const nodes = Object.values(workflow.steps).map(
    ({ id, title }) => `  ${nodeOf(id)}["${title.replaceAll('"', "'")}"]`,
  );
  const arrows = Object.values(workflow.steps).flatMap((step) =>
    waysOf(step).map(([label, to]) => `  ${nodeOf(step.id)} -->${label ? `|${label}|` : ''} ${nodeOf(to)}`),
  );
  return [
    'flowchart TD',
    '  start((start))',
    ...nodes,
    '  done((end))',
    `  start --> ${nodeOf(workflow.first)}`,
    ...arrows,
  ].join('\n');
}

function waysOf(step: Step): [string, string | null][] {
  switch (step.kind) {
    case 'waitFor':
      return [
        ['it happens', step.then],
        ['not in time', step.otherwise],
      ];
    case 'choose': {
      const branches = step.branches.map(({ when, go }, i): [string, string | null] => [
        when ? `${i + 1}` : 'otherwise',
        go,
      ]);
      return step.branches.some(({ when }) => !when) ? branches : [...branches, ['none', step.next]];
    }
    case 'split':
      return step.variants.map(({ name, share, go }) => [`${name} ${share} %`, go]);
    default:
      return [['', step.next]];
  }
}
