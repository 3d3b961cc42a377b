/**
 * Structured logs: one JSON line each, as CloudWatch and its metric filters read them. Only the fields below can be
 * logged, so that no address, name or field value ever is.
 */
import { now } from '../clock.ts';

export interface LogFields {
  function?: string;
  leadId?: string;
  eventId?: string;
  sendId?: string;
  enrolmentId?: string;
  handoffId?: string;
  form?: string;
  workflow?: string;
  step?: string;
  definition?: string;
  eventType?: string;
  outcome?: string;
  why?: string;
  count?: number;
  status?: number;
  error?: unknown;
}

type Level = 'INFO' | 'WARN' | 'ERROR';

function write(level: Level, message: string, { error, ...fields }: LogFields): void {
  const line = { level, message, timestamp: now(), ...fields, ...(error === undefined ? {} : errorOf(error)) };
  const out = level === 'ERROR' ? console.error : level === 'WARN' ? console.warn : console.info;
  out(JSON.stringify(line));
}

/** The name and where it was thrown. Not the message: it may quote what somebody typed. */
function errorOf(error: unknown): { error: string; at?: string[] } {
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { error: error.name, at: frames.slice(0, 5).map((line) => line.trim()) };
}

export const log = {
  info: (message: string, fields: LogFields = {}): void => write('INFO', message, fields),
  warn: (message: string, fields: LogFields = {}): void => write('WARN', message, fields),
  error: (message: string, fields: LogFields = {}): void => write('ERROR', message, fields),
};
