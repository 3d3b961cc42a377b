/** A resource of the template, read strictly: what the engine does not know is an error, never silently left out. */
import * as z from 'zod';

/** One resource of the synthesised template, with every intrinsic function resolved. */
export interface Resource {
  logicalId: string;
  /** The physical name: the template's, or the one that was made up for it. */
  name: string;
  properties: unknown;
}

/**
 * Reads the properties of a resource.
 * @throws Error that names the resource, and the property that is unknown or of the wrong shape.
 */
export function parseResource<T>(type: string, resource: Resource, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(resource.properties ?? {});
  if (parsed.success) return parsed.data;
  throw new Error(`${type} ${resource.logicalId}: ${z.prettifyError(parsed.error)}`);
}
