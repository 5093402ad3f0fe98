// Whatever becomes of the files of a desk, reviewing them ends soon, throws nothing and names only places that are there.
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createChangeReviewer } from '../../src/desk/change/review-change.ts';
import { plugIns } from '../../src/app/plug-ins.ts';
import { judgeFlows } from '../../src/surfaces/github/flow-check/judge-flows.ts';
import { renderVerdict } from '../../src/surfaces/github/flow-check/render-check.ts';

const root = new URL('../../flows/', import.meta.url);
const files = readdirSync(root).map((name) => ({
  path: `flows/${name}`,
  text: readFileSync(new URL(name, root), 'utf8'),
}));
const version = (all: typeof files, commit: string) => ({
  commit,
  files: new Map(all.map(({ path, text }) => [path, new TextEncoder().encode(text)])),
});
const review = createChangeReviewer(plugIns);

/** Words that mean something in one of the files, and some that mean trouble. */
const words = [
  ...new Set(files.flatMap(({ text }) => text.match(/[\w$'":{}[\]-]+/g) ?? [])),
  ...[
    '',
    '\t',
    '- ',
    '!x',
    '&a',
    '*a',
    '<<',
    '${{',
    '}}',
    '\u0000',
    '\ud800',
    '9'.repeat(400),
    '(a+)+$',
    '['.repeat(50),
  ],
];
const mutation = fc.record({
  file: fc.nat({ max: files.length - 1 }),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  kind: fc.constantFrom('replace', 'insert', 'drop', 'double', 'swap'),
  word: fc.constantFrom(...words),
  other: fc.double({ min: 0, max: 1, noNaN: true }),
});

function mutated(
  text: string,
  { at, kind, word, other }: { at: number; kind: string; word: string; other: number },
): string {
  const lines = text.split('\n');
  const line = Math.floor(at * (lines.length - 1));
  const second = Math.floor(other * (lines.length - 1));
  const [one = '', two = ''] = [lines[line], lines[second]];
  switch (kind) {
    case 'drop':
      return lines.toSpliced(line, 1).join('\n');
    case 'double':
      return lines.toSpliced(second, 0, one).join('\n');
    case 'swap':
      return lines.with(line, two).with(second, one).join('\n');
    case 'insert': {
      const place = Math.floor(other * one.length);
      return lines.with(line, one.slice(0, place) + word + one.slice(place)).join('\n');
    }
    default: {
      const found = [...one.matchAll(/[\w$'"-]+/g)];
      const hit = found[Math.floor(other * found.length)];
      if (hit === undefined) return text;
      return lines
        .with(line, one.slice(0, hit.index) + word + one.slice(hit.index + hit[0].length))
        .join('\n');
    }
  }
}

test('a desk with a few mistakes anywhere is reviewed, compared and shown', () => {
  const before = version(files, 'before');
  let [broken, warned, slowest] = [0, 0, 0];
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
      const changed = mutations.reduce(
        (all, each) =>
          all.map((file, index) =>
            index === each.file ? { ...file, text: mutated(file.text, each) } : file,
          ),
        files,
      );
      const from = performance.now();
      const found = review({ before, after: version(changed, 'after'), unchanged: 0 });
      const { summary, annotations } = renderVerdict(judgeFlows(found));
      slowest = Math.max(slowest, performance.now() - from);
      for (const { file, line, column } of found.review.diagnostics) {
        const text = changed.find(({ path }) => path === file)?.text;
        if (text === undefined) continue; // a form that is not there
        expect(line).toBeLessThanOrEqual(text.split(/\r\n|[\n\r]/).length);
        expect(column).toBeGreaterThan(0);
      }
      expect(summary.length).toBeGreaterThan(10);
      broken += annotations.some(({ annotation_level }) => annotation_level === 'failure') ? 1 : 0;
      warned += annotations.some(({ annotation_level }) => annotation_level === 'warning') ? 1 : 0;
      structuredClone(judgeFlows(found));
    }),
    { numRuns: 150 },
  );
  // A review takes some 20 ms. What grows with what somebody typed would take far longer.
  expect(slowest).toBeLessThan(5000);
  expect(broken).toBeGreaterThan(30);
  expect(warned).toBeGreaterThan(3);
});
