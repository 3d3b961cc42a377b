/** One case of the language, and what many of them share. */
import { type Code, jsonata, named } from '../world.ts';

export interface AslCase {
  name: string;
  machine: object;
  input?: unknown;
  functions?: Record<string, Code>;
  /** A function never returns. */
  hangs?: boolean;
  /** Seconds by which the clock is moved before the result is read. */
  advance?: number;
  output?: unknown;
  error?: string;
  /** A part of the cause. */
  cause?: string;
  status?: string;
}

export const pass = (more: object) => ({ Type: 'Pass', End: true, ...more });

export const output = (value: unknown, more: object = {}) => jsonata({ Only: pass({ Output: value, ...more }) });

export const query = (expression: string) => output(`{% ${expression} %}`);

export const rule = (condition: unknown, next: string, more: object = {}) => ({
  Condition: condition,
  Next: next,
  ...more,
});

export const ends = { Yes: pass({ Output: 'yes' }), No: pass({ Output: 'no' }) };

export const echo = { echo: (payload: object) => payload };

export const payload = (value: unknown) => ({ FunctionName: 'echo', Payload: value });

export const failing = (...errors: string[]): Record<string, Code> => {
  const left = [...errors];
  return {
    task: () => {
      const error = left.shift();
      if (error) throw named(error, 'no');
      return 'fine';
    },
  };
};

export const at = (seconds: number) => 1803888000000 + seconds * 1000;

export const boom = (name: string) => ({
  boom: () => {
    throw named(name, 'why');
  },
});

export const never = { never: () => new Promise(() => {}) };
