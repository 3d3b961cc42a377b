/** Where a step leads, with the words for each way: what a picture of a workflow is drawn from. */
import type { Step } from '../definition/workflow.ts';
import { conditionWords, durationWords } from './workflow-words.ts';

export interface Way {
  /** Empty where there is one way alone. */
  label: string;
  /** The id of the step that follows; null is the end. */
  to: string | null;
}

/** In the order of the file. */
export function waysOf(step: Step): Way[] {
  switch (step.kind) {
    case 'waitFor':
      return [
        { label: 'it happens', to: step.then },
        { label: `not within ${durationWords(step.upTo)}`, to: step.otherwise },
      ];
    case 'choose': {
      const ways = step.branches.map(({ when, go }) => ({ label: when ? conditionWords(when) : 'otherwise', to: go }));
      return step.branches.some(({ when }) => !when) ? ways : [...ways, { label: 'otherwise', to: step.next }];
    }
    case 'split':
      return step.variants.map(({ name, share, holdOut, go }) => ({
        label: `${name}, ${share} %${holdOut && name !== 'hold-out' ? ' (hold-out)' : ''}`,
        to: go,
      }));
    default:
      return [{ label: '', to: step.next }];
  }
}
