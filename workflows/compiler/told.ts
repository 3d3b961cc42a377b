/** What each key means: told where the key is read, shown by editors and on the reference page. */
import type * as z from 'zod';

export interface Told {
  /** One or two sentences. */
  is: string;
  /** A value as a file would hold it; tested like the rest of the language. */
  example?: unknown;
  /** What holds where the key is left out, in words. */
  otherwise?: string;
}

const TOLD = new WeakMap<z.core.$ZodType, Told>();

/** The shape of a key, with what the key means. */
export function told<Shape extends z.ZodType>(shape: Shape, is: string, more: Omit<Told, 'is'> = {}): Shape {
  // A copy, so that one shape can serve several keys.
  const copy = shape.clone();
  TOLD.set(copy, { is, ...more });
  return copy;
}

/** What was told of a shape. */
export const toldOf = (shape: z.core.$ZodType): Told | undefined => TOLD.get(shape);
