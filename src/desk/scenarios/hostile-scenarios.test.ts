import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { plugIns } from '../../app/plug-ins.ts';
import { createDeskReader } from '../desk-reader.ts';
import { runScenarios } from './run-scenarios.ts';

const folder = new URL('../../../flows/', import.meta.url);
const files = new Map(
  readdirSync(folder).map((name) => [`flows/${name}`, readFileSync(new URL(name, folder))]),
);
const desk = createDeskReader(plugIns).readDesk(files, 'c');
const paths = [...files.keys()].filter((path) => path.endsWith('.test.yml'));

/** What makes another scenario of one, rather than no YAML at all. */
const words = [
  ...['approve', 'deny', 'revoke', 'cancel', 'extend', 'wait', 'expect', 'given', 'then', 'as: admin'],
  ...['ann', 'bob', 'max', 'nobody', '365d', '1s', '30m', 'null', '[]', '{}', 'unavailable', 'held', 'fails'],
  ...['__proto__', 'constructor', ', ', ' }', '{ ', '\n', '  - ', '"', '0', '-1', '1e999', '9999-12-31'],
];

test('a mutated file of scenarios is told or played, and never throws', () => {
  const mutation = fc.record({
    at: fc.nat(),
    cut: fc.nat(12),
    put: fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 4 })),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...paths),
      fc.constantFrom(...paths),
      fc.array(mutation, { minLength: 1, maxLength: 4 }),
      (path, seed, mutations) => {
        let text = files.get(seed)?.toString() ?? '';
        for (const { at, cut, put } of mutations) {
          const place = at % (text.length + 1);
          text = text.slice(0, place) + put + text.slice(place + cut);
        }
        const changed = new Map([[path, new TextEncoder().encode(text)]]);
        const { diagnostics } = runScenarios(desk, changed);
        for (const { code, line, column } of diagnostics) {
          expect(line > 0 && column > 0).toBe(true);
          expect(code).not.toBe('scenario-broken');
        }
      },
    ),
    { numRuns: 400 },
  );
});
