// Held against the library's own evaluator, which cannot be stopped: the same answer, apart from its slips (int('') is 0,
// and int() of a large double passes 64 bits).
import { Environment } from '@marcbachmann/cel-js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FieldType } from '../../domain/flow.ts';
import { createProgram } from './program.ts';
import { CannotTell, type Answer } from './values.ts';

const fields = {
  t: 'string',
  u: 'string',
  n: 'int',
  m: 'int',
  b: 'bool',
  l: 'string-list',
  k: 'int-list',
} as const satisfies Record<string, FieldType>;
const readable = {
  fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
  access: false,
  people: undefined,
  integrations: undefined,
  conditions: 1,
};
const library = new Environment().registerVariable('fields', {
  schema: { t: 'string', u: 'string', n: 'int', m: 'int', b: 'bool', l: 'list<string>', k: 'list<int>' },
});

/** Expressions by their type, with an item `x` where they stand within `exists` and the like. */
const texts = ["''", "'a'", "'ab'", "'世😀'", 'fields.t', 'fields.u'] as const;
const grammar = fc.letrec<{
  bool: string;
  text: string;
  int: string;
  double: string;
  span: string;
  list: string;
  ints: string;
}>((tie) => {
  const bool = tie('bool');
  const text = tie('text');
  const int = tie('int');
  const double = tie('double');
  const span = tie('span');
  const list = tie('list');
  const ints = tie('ints');
  const join = (...parts: readonly (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> =>
    fc
      .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
      .map((all) => all.join(''));
  const order = fc.constantFrom('==', '!=', '<', '<=', '>', '>=');
  const through = fc.constantFrom('exists', 'exists_one', 'all');
  const item = fc.constantFrom(
    "x == 'a'",
    'x == fields.t',
    "x.contains('b')",
    "x == '' || int(x) > 1",
    'size(x) > 1 || fields.b',
  );
  const number = fc.constantFrom('x == 1', 'x > fields.n', '10 / x > 1', 'x % 2 == 0 && fields.b');
  return {
    bool: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom('true', 'false', 'fields.b'),
      join('(', bool, fc.constantFrom(' && ', ' || '), bool, ')'),
      join('(', bool, fc.constantFrom(' && ', ' || '), bool, ')'),
      join('!(', bool, ')'),
      join('(', bool, ' ? ', bool, ' : ', bool, ')'),
      join('(', text, ' ', order, ' ', text, ')'),
      join('(', int, ' ', order, ' ', int, ')'),
      join('(', double, ' ', order, ' ', double, ')'),
      join('(', span, ' ', order, ' ', span, ')'),
      join('(', list, fc.constantFrom(' == ', ' != '), list, ')'),
      join('(', text, ' in ', list, ')'),
      join('(', int, ' in ', ints, ')'),
      join(text, '.', fc.constantFrom('startsWith', 'endsWith', 'contains'), '(', text, ')'),
      join(list, '.', through, '(x, ', item, ')'),
      join(ints, '.', through, '(x, ', number, ')'),
    ),
    text: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(...texts),
      join('(', text, ' + ', text, ')'),
      join(text, fc.constantFrom('.trim()', '.lowerAscii()', '.upperAscii()')),
      join('string(', int, ')'),
      join(list, '[', int, ']'),
      join('(', bool, ' ? ', text, ' : ', text, ')'),
    ),
    int: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom('0', '1', '-3', '7', 'fields.n', 'fields.m'),
      join('(', int, fc.constantFrom(' + ', ' - ', ' * ', ' / ', ' % '), int, ')'),
      join('-(', int, ')'),
      join('size(', fc.oneof(text, list), ')'),
      join('int(', double, ')'),
      join(ints, '[', int, ']'),
    ),
    double: fc.oneof(
      { maxDepth: 2 },
      fc.constantFrom('0.5', '-2.25', '1e3'),
      join('(', double, fc.constantFrom(' + ', ' - ', ' * ', ' / '), double, ')'),
      join('double(', int, ')'),
    ),
    span: fc.oneof(
      { maxDepth: 2 },
      fc.constantFrom("duration('90m')", "duration('1.5h')", "duration('30s')"),
      join('(', span, ' + ', span, ')'),
    ),
    list: fc.oneof(
      { maxDepth: 2 },
      fc.constantFrom("['a']", "['ab', '7']", 'fields.l'),
      join('(', list, ' + ', list, ')'),
    ),
    ints: fc.constantFrom('[1, 2]', '[0, 3]', 'fields.k'),
  };
});

const word = fc.constantFrom('', 'a', 'ab', ' b ', 'A', '7', '12', '世😀');
const answers = fc.record({
  t: word,
  u: word,
  n: fc.integer({ min: -3, max: 9 }),
  m: fc.integer({ min: -3, max: 9 }),
  b: fc.boolean(),
  l: fc.array(word, { maxLength: 4 }),
  k: fc.array(fc.integer({ min: -2, max: 4 }), { maxLength: 4 }),
});

test('says what the library says, and cannot tell where the library fails', () => {
  const seen = { told: 0, untold: 0 };
  fc.assert(
    fc.property(grammar.bool, answers, (source, given) => {
      const program = library.parse(source);
      fc.pre(program.check().valid);
      const expected = byLibrary(program, given);
      const ours: Answer = createProgram(library.parse(source).ast, {
        readable,
        searches: new Map(),
        zones: new Map(),
      })({
        scope: { fields: given },
        left: 100_000,
        item: null,
      });
      seen[ours instanceof CannotTell ? 'untold' : 'told'] += 1;
      expect(ours instanceof CannotTell ? 'fails' : ours).toBe(expected);
    }),
    { numRuns: 2000 },
  );
  expect(seen.told).toBeGreaterThan(500);
  expect(seen.untold).toBeGreaterThan(50);
});

function byLibrary(
  program: (context: object) => unknown,
  { n, m, k, ...rest }: { readonly n: number; readonly m: number; readonly k: readonly number[] },
): unknown {
  try {
    return program({ fields: { ...rest, n: BigInt(n), m: BigInt(m), k: k.map(BigInt) } });
  } catch {
    return 'fails';
  }
}
