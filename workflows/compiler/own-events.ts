/** Events of the user's own: any name is good, but two that are almost the same are mostly one and a slip. */
import { distance } from '../../functions/lead/nearest.ts';
import { isOwnEvent } from './event-name.ts';
import { isMapping, type Path, type Source, type Spot, warn } from './source.ts';

interface Use {
  event: string;
  spot: Spot;
}

/** Short names differ by little: `trial.ended` and `trial.added` are two. */
const slip = (event: string): number => (event.length < 16 ? 1 : 2);
/** Nobody has more of their own; each is held against each. */
const MOST = 200;

/** Warns where a file names an event that is almost one which the files name more often, or sooner. */
export function checkOwnEvents(sources: readonly Source[]): void {
  const uses = sources.flatMap((source) => usesIn(source, source.raw, []));
  const byEvent = Map.groupBy(uses, ({ event }) => event);
  // As many uses: the one that came first stands.
  const ordered = [...byEvent].sort(([, one], [, other]) => other.length - one.length);
  const names = ordered.slice(0, MOST).map(([event]) => event);
  for (const [index, event] of names.entries()) {
    const near = names.slice(0, index).find((other) => distance(event, other) <= slip(event));
    if (near === undefined) continue;
    const { file } = byEvent.get(near)?.[0]?.spot.source ?? {};
    const hint = 'If both are events of yours, names that are less alike keep the two apart.';
    for (const { spot } of byEvent.get(event) ?? []) {
      warn(spot, `\`${event}\` is almost \`${near}\`, which ${file} names.`, { nearest: near, hint });
    }
  }
}

/** Events stand under `on` and `event`, one or a list. */
function usesIn(source: Source, value: unknown, path: Path): Use[] {
  if (Array.isArray(value)) return value.flatMap((each, index) => usesIn(source, each, [...path, index]));
  if (isMapping(value)) return Object.entries(value).flatMap(([key, each]) => usesIn(source, each, [...path, key]));
  const key = path.findLast((each) => typeof each === 'string');
  const isEvent = (key === 'on' || key === 'event') && typeof value === 'string' && !isOwnEvent(value);
  return isEvent ? [{ event: value, spot: { source, path } }] : [];
}
