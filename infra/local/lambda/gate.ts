/** Lets so many pieces of work in at once; the others wait in line. */
export function createGate(limit: () => number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let inside = 0;

  const letIn = (): void => {
    while (waiting.length > 0 && inside < limit()) {
      inside += 1;
      waiting.shift()?.();
    }
  };
  return async (work) => {
    if (waiting.length > 0 || inside >= limit()) await new Promise<void>((resolve) => waiting.push(resolve));
    else inside += 1;
    try {
      return await work();
    } finally {
      inside -= 1;
      letIn();
    }
  };
}
