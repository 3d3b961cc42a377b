/**
 * How the body of a large item is stored: the members that an expression names stay attributes under `body`, and all
 * others go into one JSON text beside it, `rest`. Whoever reads gets the body whole again. Nested attributes cost both
 * sides of each call far more than a text does: of an event, the local database's whole write more than twice as much.
 */

type Stored = Record<string, unknown>;

/**
 * A body as it is stored. `open`: the members that conditions and updates name; each one that is named must be here, or it
 * would be looked for where it is not.
 */
export function packed<T extends object>(
  whole: T,
  open: readonly (keyof T & string)[] = [],
): { body: object; rest: string } {
  const members = Object.entries(whole);
  const isOpen = ([name]: [string, unknown]): boolean => (open as readonly string[]).includes(name);
  return {
    body: Object.fromEntries(members.filter(isOpen)),
    rest: JSON.stringify(Object.fromEntries(members.filter((member) => !isOpen(member)))),
  };
}

/** An item with its body whole. What an update has set under `body` since is what counts. */
export function unpacked({ rest, ...item }: Stored): Stored {
  if (typeof rest !== 'string') return rest === undefined ? item : { ...item, rest };
  return { ...item, body: { ...JSON.parse(rest), ...(item.body as object | undefined) } };
}
