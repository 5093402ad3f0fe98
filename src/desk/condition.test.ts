import { describe, expect, test } from 'vitest';
import { hours, minutes } from '../domain/duration.ts';
import type { Condition, FieldType, Scope } from '../domain/flow.ts';
import { createConditions } from './condition.ts';
import { createReport } from './diagnostic.ts';
import { createPositions } from './positions.ts';

const types = {
  urgency: 'string',
  count: 'int',
  sure: 'bool',
  span: 'duration',
  who: 'person',
  names: 'string-list',
  numbers: 'int-list',
  people: 'person-list',
} as const satisfies Record<string, FieldType>;

function compile(source: string): Condition {
  const report = createReport('flows/a.yml', createPositions('', []));
  const fields = Object.entries(types).map(([name, type]) => ({ name, type }));
  const compiled = createConditions({ fields, access: true })(source, { at: '' }, report);
  if (compiled === undefined) throw new Error(report.diagnostics[0]?.sentence);
  return compiled.condition;
}

function judge(source: string, scope: Partial<Scope> = {}): boolean | 'cannot-judge' {
  return compile(source).judge({ fields: {}, ...scope });
}

describe('a condition reads', () => {
  test.each<[string, Scope['fields'][string], string]>([
    ['urgency', 'Emergency', "fields.urgency == 'Emergency'"],
    ['count', 5, 'fields.count > 4 && fields.count == 5'],
    ['sure', true, 'fields.sure'],
    ['span', minutes(90), "fields.span > duration('1h')"],
    ['who', 'bob', "fields.who in ['ann', 'bob']"],
    ['names', ['a', 'b'], "'b' in fields.names && size(fields.names) == 2"],
    ['numbers', [1, 2], '2 in fields.numbers && fields.numbers.exists(n, n > 1)'],
    ['people', ['ann'], "fields.people.all(p, p == 'ann')"],
  ])('a field: %s', (name, value, source) => {
    expect(judge(source, { fields: { [name]: value } })).toBe(true);
    expect(judge(source)).not.toBe(name === 'people' ? false : true);
  });

  test('the target and the duration', () => {
    const source = "request.target == 'prod' && request.duration > duration('1h')";
    expect(judge(source, { target: 'prod', duration: hours(4) })).toBe(true);
    expect(judge(source, { target: 'prod', duration: hours(1) })).toBe(false);
  });
});

describe('without an answer', () => {
  test.each([
    ["fields.urgency == 'Emergency'", false],
    ["fields.who == ''", true],
    ['fields.sure', false],
    ['size(fields.names) == 0', true],
    ["fields.names.exists(n, n == 'x')", false],
    ['fields.count > 5', 'cannot-judge'],
    ['fields.count == 0', 'cannot-judge'],
    ["fields.span > duration('1h')", 'cannot-judge'],
    ['fields.sure && fields.count > 5', false],
  ] as const)('%s is %s', (source, answer) => {
    expect(judge(source)).toBe(answer);
  });

  test('a duration that was not chosen cannot be judged', () => {
    expect(judge("request.duration > duration('1h')")).toBe('cannot-judge');
  });
});

test('access until revoked is longer than any duration', () => {
  expect(judge("request.duration > duration('87600h')", { duration: 'until-revoked' })).toBe(true);
});

test('what fails while it is judged cannot be judged', () => {
  expect(judge("duration(fields.urgency) > duration('1h')", { fields: { urgency: 'soon' } })).toBe(
    'cannot-judge',
  );
  expect(judge("fields.names[3] == 'x'", { fields: { names: ['x'] } })).toBe('cannot-judge');
});

describe('matches', () => {
  test('searches anywhere, as in CEL', () => {
    expect(judge("fields.urgency.matches('erg')", { fields: { urgency: 'Emergency' } })).toBe(true);
    expect(judge("fields.urgency.matches('^erg')", { fields: { urgency: 'Emergency' } })).toBe(false);
  });

  test('is replaced wherever it is called, and nowhere else', () => {
    const source =
      "fields.urgency == 'matches(' || fields.urgency.matches('^a') || fields.names.exists(n, n.matches('z$'))";
    expect(judge(source, { fields: { urgency: 'matches(' } })).toBe(true);
    expect(judge(source, { fields: { urgency: 'ab' } })).toBe(true);
    expect(judge(source, { fields: { names: ['xyz'] } })).toBe(true);
    expect(judge(source, { fields: { urgency: 'b' } })).toBe(false);
  });

  test('cannot be hidden from its replacement', () => {
    expect(() => compile("fields.urgency.matches( // matches\n'a')")).toThrow('comments');
  });
});

test('keeps the text that people are shown', () => {
  expect(compile("fields.urgency.matches('a')").source).toBe("fields.urgency.matches('a')");
});

test('a name from an object’s prototype is no answer', () => {
  const report = createReport('flows/a.yml', createPositions('', []));
  const compiled = createConditions({ fields: [{ name: 'toString', type: 'string' }], access: false })(
    "fields.toString == ''",
    { at: '' },
    report,
  );
  expect(compiled?.condition.judge({ fields: {} })).toBe(true);
});
