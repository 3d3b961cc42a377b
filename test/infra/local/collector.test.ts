import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCollector } from '../../../infra/local/collector.ts';

const MB = 2 ** 20;

/** A heap of 30 MB that are in use, and of garbage. */
function heap() {
  const state = { garbage: 0, collected: [] as string[] };
  const of = {
    used: () => 30 * MB + state.garbage,
    collect: (how: string) => {
      state.collected.push(how);
      state.garbage = 0;
    },
  };
  return { state, of };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the collector of a thread', () => {
  it('collects under load when 16 MB have piled up, and not before', () => {
    const { state, of } = heap();
    createCollector(of).busy();
    state.garbage = 15 * MB;
    vi.advanceTimersByTime(5000);
    expect(state.collected).toEqual([]);
    state.garbage = 16 * MB;
    vi.advanceTimersByTime(500);
    expect(state.collected).toEqual(['garbage']);
    state.garbage = 15 * MB;
    vi.advanceTimersByTime(5000);
    expect(state.collected).toEqual(['garbage']);
  });

  it('gives back what it can once the thread has been idle for a while, and looks no more', () => {
    const { state, of } = heap();
    const collector = createCollector(of);
    collector.busy();
    collector.idle();
    vi.advanceTimersByTime(1499);
    expect(state.collected).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(state.collected).toEqual(['all']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('lets a thread alone that has work again', () => {
    const { state, of } = heap();
    const collector = createCollector(of);
    for (let i = 0; i < 5; i++) {
      collector.busy();
      collector.idle();
      vi.advanceTimersByTime(1000);
    }
    collector.busy();
    vi.advanceTimersByTime(10_000);
    expect(state.collected).toEqual([]);
  });

  it('collects what is garbage in a heap of its own', async () => {
    vi.useRealTimers();
    let kept: unknown[] = Array.from({ length: 1_000_000 }, (_, i) => ({ i }));
    const before = process.memoryUsage().heapUsed;
    const collector = createCollector();
    kept = [];
    collector.idle();
    await vi.waitFor(() => expect(before - process.memoryUsage().heapUsed).toBeGreaterThan(16 * MB), 10_000);
    expect(kept).toEqual([]);
  });
});
