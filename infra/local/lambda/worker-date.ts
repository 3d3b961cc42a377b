/** `Date` as the engine's clock has it. Timers stay real. */

/**
 * Replaces the global `Date` of this thread by one that adds the shared offset wherever "now" is meant: `Date.now()`,
 * `new Date()` and `Date()`. All else, subclasses and `instanceof` included, is the built-in's.
 * @param shared one 64-bit integer, milliseconds.
 */
export function moveDate(shared: SharedArrayBuffer): void {
  const offset = new BigInt64Array(shared);
  const Real = globalThis.Date;
  const realNow = Real.now;
  const now = (): number => realNow() + Number(Atomics.load(offset, 0));

  function Moved(...given: unknown[]): unknown {
    if (!new.target) return new Real(now()).toString();
    return Reflect.construct(Real, given.length === 0 ? [now()] : given, new.target);
  }
  Object.defineProperties(Moved, {
    name: { value: 'Date', configurable: true },
    length: { value: Real.length, configurable: true },
    prototype: { value: Real.prototype, writable: false },
    now: { value: now, writable: true, configurable: true },
    parse: { value: Real.parse, writable: true, configurable: true },
    UTC: { value: Real.UTC, writable: true, configurable: true },
  });
  Object.defineProperty(Real.prototype, 'constructor', { value: Moved, writable: true, configurable: true });
  Object.defineProperty(globalThis, 'Date', { value: Moved, writable: true, configurable: true });
}
