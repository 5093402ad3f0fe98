import { describe, expect, it } from 'vitest';
import { readingOf, type Figure } from './figure.ts';
import { asJson, asTable } from './report.ts';

const lower: Figure = { name: 'a', bar: 2, better: 'lower', meaning: '', measure: async () => 0 };
const higher: Figure = { name: 'b', bar: 0.5, better: 'higher', meaning: '', measure: async () => 0 };

describe('a reading', () => {
  it('is the median of its samples, held against its bar', () => {
    expect(readingOf(lower, [9, 1, 2])).toMatchObject({ value: 2, holds: true });
    expect(readingOf(lower, 2.01)).toMatchObject({ value: 2.01, holds: false });
    expect(readingOf(higher, [0.4, 0.6])).toMatchObject({ value: 0.5, holds: true });
    expect(readingOf(higher, 0.49)).toMatchObject({ holds: false });
  });

  it('does not hold where nothing was measured', () => {
    expect(readingOf(lower, []).holds).toBe(false);
    expect(readingOf(higher, []).holds).toBe(false);
  });

  it('is written as one object, and as a table', () => {
    const readings = [readingOf(lower, 1), readingOf(higher, [0.2, 0.3, 0.9])];
    expect(JSON.parse(asJson(readings))).toEqual({
      figures: [
        { name: 'a', value: 1, bar: 2, better: 'lower', holds: true },
        { name: 'b', value: 0.3, bar: 0.5, better: 'higher', holds: false },
      ],
    });
    expect(asTable(readings)).toMatchInlineSnapshot(`
      "figure  value  bar    holds  min / median / max
      a       1      ≤ 2    yes
      b       0.300  ≥ 0.5  NO     0.200 / 0.300 / 0.900"
    `);
  });
});
