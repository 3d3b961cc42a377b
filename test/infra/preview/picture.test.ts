import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagramOf } from '../../../functions/http/diagram.ts';
import { graphOf } from '../../../infra/preview/graph.ts';
import { layersOf } from '../../../infra/preview/layering.ts';
import { pictureOf } from '../../../infra/preview/picture.ts';
import { place } from '../../../infra/preview/placing.ts';
import { wrapText } from '../../../infra/preview/text-width.ts';
import { randomWorkflow } from './random-graph.ts';

/** The elements of an SVG, if each is closed in its turn. */
function elementsOf(svg: string): string[] {
  const open: string[] = [];
  const names: string[] = [];
  for (const [, close, name = '', empty] of svg.matchAll(/<(\/?)([a-z]+)(?:\s(?:[^<>"]|"[^"<]*")*?)?(\/?)>/gi)) {
    if (close) expect(open.pop()).toBe(name);
    else {
      names.push(name);
      if (!empty) open.push(name);
    }
  }
  expect(open).toEqual([]);
  return names;
}

describe('the picture of a workflow', () => {
  it('has each step once, below all that lead to it, and no box touches another', () => {
    fc.assert(
      fc.property(randomWorkflow, (workflow) => {
        const layers = layersOf(graphOf(workflow));
        const { at, width, height } = place(layers);
        const boxes = layers.rows.flat();
        expect(new Set(boxes.map(({ id }) => id)).size).toBe(boxes.length);
        expect(boxes.filter(({ step }) => step).length).toBe(Object.keys(workflow.steps).length);
        for (const { from, to } of layers.ways) expect(at.get(to)?.y).toBeGreaterThan(at.get(from)?.y ?? Infinity);
        for (const row of layers.rows) {
          for (const [index, box] of row.entries()) {
            const { x = Number.NaN, y = Number.NaN } = at.get(box.id) ?? {};
            expect(x - box.width / 2).toBeGreaterThanOrEqual(-1);
            expect(x + box.width / 2).toBeLessThanOrEqual(width + 1);
            expect(y + box.height / 2).toBeLessThanOrEqual(height);
            const next = row[index + 1];
            if (next) expect((at.get(next.id)?.x ?? 0) - next.width / 2).toBeGreaterThan(x + box.width / 2);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is an SVG in order, whatever the titles say', () => {
    fc.assert(
      fc.property(randomWorkflow, (workflow) => {
        const names = elementsOf(pictureOf(workflow, { leads: { s0: 7 }, link: () => '/x?a=1&b="2"' }));
        expect(names.filter((name) => name === 'a')).toHaveLength(Object.keys(workflow.steps).length);
        expect(names).not.toContain('script');
      }),
      { numRuns: 200 },
    );
  });

  it('says how many leads stand at a step, and nothing where there are none', () => {
    const [workflow] = fc.sample(randomWorkflow, { numRuns: 1, seed: 3 });
    if (!workflow) throw new Error('There is no workflow.');
    expect(pictureOf(workflow, { leads: { s0: 1234 } })).toContain('1,234 leads here');
    expect(pictureOf(workflow, { leads: { s0: 1 } })).toContain('1 lead here');
    expect(pictureOf(workflow, { leads: { s0: 0 } })).not.toContain('here');
    expect(pictureOf(workflow)).toContain('prefers-color-scheme:dark');
  });

  it('is drawn in no time, for a hundred steps too', () => {
    const steps = Object.fromEntries(
      Array.from({ length: 100 }, (_, n) => [
        `s${n}`,
        {
          id: `s${n}`,
          title: `Choose ${n}`,
          next: null,
          kind: 'choose' as const,
          branches: [{ go: n < 97 ? `s${n + 3}` : null }, { go: n < 99 ? `s${n + 1}` : null }],
        },
      ]),
    );
    const begun = performance.now();
    pictureOf({ name: 'long', enrol: { on: 'call', again: 'never' }, keepAt: [], first: 's0', steps });
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});

describe('a text in a box', () => {
  it('breaks between words, of Thai too, and says when there is more', () => {
    const lines = wrapText('กำลังเรียนรู้เรื่องกระแสเงินสดของบริษัท', { size: 14, width: 100, most: 9 });
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join('')).toBe('กำลังเรียนรู้เรื่องกระแสเงินสดของบริษัท');
    for (const line of lines) expect(line).not.toMatch(/^\p{Mark}/u);
    expect(wrapText('one two three four five six', { size: 14, width: 60, most: 2 }).at(-1)).toMatch(/…$/);
    expect(wrapText('Send three-leaks-short', { size: 14, width: 110, most: 3 })).toEqual([
      'Send',
      'three-leaks-short',
    ]);
  });
});

describe('the same as Mermaid', () => {
  it('names each step once and quotes every word', () => {
    fc.assert(
      fc.property(randomWorkflow, (workflow) => {
        const lines = diagramOf(workflow).split('\n');
        expect(lines[0]).toBe('flowchart TD');
        for (const n of Object.keys(workflow.steps).keys()) {
          const nodes = lines.filter((line) => new RegExp(`^ {2}s${n}[[({]`).test(line));
          expect(nodes).toHaveLength(1);
          expect(nodes[0]?.match(/"/g)).toHaveLength(2);
        }
        for (const line of lines.filter((each) => each.includes('-->'))) {
          expect(line).toMatch(/^ {2}\w+ -->(?:\|"[^"]*"\|)? \w+$/);
        }
      }),
      { numRuns: 200 },
    );
  });
});
