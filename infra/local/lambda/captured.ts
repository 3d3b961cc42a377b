/** Headers by which the engine tells a captured request from any other; `url` is where it was meant to go. */
export const CAPTURED = { token: 'x-local-outbound-token', url: 'x-local-outbound-url' } as const;

export const CAPTURE_PATH = '/_local/outbound';
