import { describe, expect, test } from 'vitest';
import { hours, minutes, printDuration } from '../../domain/duration.ts';
import { noIncident } from '../../domain/flow.ts';
import type { Circumstances, Condition, FieldType, Scope } from '../../domain/flow.ts';
import { instant, personId } from '../../domain/names.ts';
import { createConditions } from './condition.ts';
import { createReport } from '../diagnostic.ts';
import { createPositions } from '../yaml/positions.ts';

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
  const conditions = createConditions({
    fields,
    access: true,
    people: undefined,
    integrations: undefined,
    conditions: 1,
  });
  const compiled = conditions.ofDecisions(source, { at: '' }, report);
  if (compiled === undefined) throw new Error(report.diagnostics[0]?.sentence);
  return compiled.condition;
}

function judge(source: string, scope: Partial<Scope> = {}): ReturnType<Condition['judge']> {
  return compile(source).judge({ fields: {}, ...scope });
}

/** Who asks, with a record of what was looked up. */
function asking(answers: Partial<Circumstances> = {}): {
  readonly asked: string[];
  readonly scope: Partial<Scope>;
} {
  const asked: string[] = [];
  const note = <T>(name: string, answer: T): T => {
    asked.push(name);
    return answer;
  };
  const circumstances: Circumstances = {
    source: 'github',
    at: instant(Date.parse('2026-03-28T23:30:00Z')),
    requester: personId('ann'),
    role: () => note('role', 'member'),
    belongs: (group) => note(group, group === 'team:acme/data'),
    history: (within) => note(printDuration(within), { requests: 5, granted: 3, denied: 1 }),
    incident: (id, at) => note(`${id} at ${at ?? 'the only one'}`, noIncident),
    ...answers,
  };
  return { asked, scope: { circumstances } };
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
    ['fields.count > 5', 'fields.count has no answer'],
    ['fields.count == 0', 'fields.count has no answer'],
    ["fields.span > duration('1h')", 'fields.span has no answer'],
    ['fields.sure && fields.count > 5', false],
    ["request.duration > duration('1h')", 'request.duration was not chosen'],
    ["request.target == 'prod'", 'request.target was not chosen'],
    ["requester.role == 'admin'", 'it is not known who asks'],
  ] as const)('%s is %s', (source, answer) => {
    expect(judge(source)).toEqual(typeof answer === 'string' ? { unknown: answer } : answer);
  });
});

describe('what is not known', () => {
  const unknown = { unknown: 'nobody looked' };
  const nobody: Circumstances = {
    source: unknown,
    at: unknown,
    requester: unknown,
    role: () => unknown,
    belongs: () => unknown,
    history: () => unknown,
    incident: () => unknown,
  };
  const open: Scope = {
    fields: Object.fromEntries(Object.keys(types).map((name) => [name, unknown])),
    target: unknown,
    duration: unknown,
    circumstances: nobody,
  };

  test.each([
    "fields.urgency == ''",
    'fields.sure',
    '!fields.sure',
    'fields.count > 5',
    "fields.span > duration('1h')",
    "fields.who != 'ann'",
    'size(fields.names) == 0',
    '2 in fields.numbers',
    'fields.people.all(p, p == p)',
    "request.target == 'prod'",
    "request.duration < duration('1h')",
    "request.source == 'github'",
    'request.time.getHours() < 9',
    "requester.id == 'ann'",
    "requester.role == 'admin'",
    "requester.belongs_to('team:acme/data')",
    "requester.requests('1d') > 3",
  ])('is no answer, and not an empty one: %s', (source) => {
    expect(judge(source, open)).toEqual(unknown);
  });

  test('does not matter where the rest decides', () => {
    const scope = { ...open, fields: { ...open.fields, sure: false } };
    expect(judge("fields.sure && fields.urgency == 'Emergency'", scope)).toBe(false);
    expect(judge("!fields.sure || request.target == 'prod'", scope)).toBe(true);
  });
});

test('access until revoked is longer than any duration', () => {
  expect(judge("request.duration > duration('87600h')", { duration: 'until-revoked' })).toBe(true);
});

test.each([
  ["duration(fields.urgency) > duration('1h')", { urgency: 'soon' }, 'a text in it is no duration'],
  ["fields.names[3] == 'x'", { names: ['x'] }, 'a list in it has no item 3'],
  ['1 / fields.count == 1', { count: 0 }, 'it divides by zero'],
  ['fields.count * fields.count * fields.count > 1', { count: 9e15 }, 'a number in it grows too large'],
  ['int(fields.urgency) > 1', { urgency: '' }, 'a text in it is no number'],
  [
    'timestamp(fields.urgency) > request.time',
    { urgency: '2026' },
    'a text in it is no time, such as 2026-12-24T18:00:00Z',
  ],
])('what fails while it is judged cannot be judged, and says why: %s', (source, fields, unknown) => {
  expect(judge(source, { ...asking().scope, fields })).toEqual({ unknown });
});

describe('who asks, where and when', () => {
  test.each([
    ["requester.id == 'ann' && requester.role == 'member'", true],
    ["requester.belongs_to('team:acme/data')", true],
    ["requester.belongs_to('team:acme/web')", false],
    ["requester.requests('1d') == 5 && requester.granted('30d') > 2 && requester.denied('90d') == 1", true],
    ["request.source in ['github', 'slack']", true],
    [
      "request.time > timestamp('2026-03-28T00:00:00Z') && request.time - timestamp('2026-03-28T23:00:00Z') == duration('30m')",
      true,
    ],
    [
      'request.time.getDayOfWeek() == 6 && request.time.getHours() == 23 && request.time.getMinutes() == 30',
      true,
    ],
    [
      'request.time.getFullYear() == 2026 && request.time.getMonth() == 2 && request.time.getDate() == 28',
      true,
    ],
    // An hour later it is Sunday in Berlin, half an hour past midnight.
    ["request.time.getDayOfWeek('Europe/Berlin') == 0 && request.time.getHours('Europe/Berlin') == 0", true],
    ["request.time.getHours('Asia/Kolkata') == 5 && request.time.getMinutes('Asia/Kolkata') == 0", true],
  ])('%s is %s', (source, answer) => {
    expect(judge(source, asking().scope)).toBe(answer);
  });

  test('knows when the clocks change, on whatever machine', () => {
    const hour = (at: string): unknown =>
      [0, 1, 2, 3, 4].find((each) =>
        judge(
          `request.time.getHours('Europe/Berlin') == ${each}`,
          asking({ at: instant(Date.parse(at)) }).scope,
        ),
      );
    expect(
      ['2026-03-29T00:59:59Z', '2026-03-29T01:00:00Z', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'].map(
        hour,
      ),
    ).toEqual([1, 3, 2, 2]);
  });

  test.each([
    ["fields.sure && requester.belongs_to('team:acme/data')", false, []],
    ["!fields.sure || requester.requests('1d') > 3", true, []],
    [
      "fields.sure ? requester.role == 'admin' : requester.belongs_to('team:acme/web')",
      false,
      ['team:acme/web'],
    ],
    ["requester.belongs_to('team:acme/data') || requester.role == 'admin'", true, ['team:acme/data']],
  ])('looks up only what %s comes to', (source, answer, looked) => {
    const { asked, scope } = asking();
    expect(judge(source, scope)).toBe(answer);
    expect(asked).toEqual(looked);
  });
});

describe('what cannot be had', () => {
  const out = { unknown: 'GitHub does not answer' };
  const { scope } = asking({
    belongs: () => out,
    role: () => out,
    history: () => ({ unknown: 'not read yet' }),
  });
  const asks = "requester.belongs_to('team:acme/data')";

  test.each([
    [`fields.sure && ${asks}`, false],
    [`${asks} && fields.sure`, false],
    [`!fields.sure || ${asks}`, true],
    [`${asks} || !fields.sure`, true],
    [`(${asks} || fields.count > 1) && fields.sure`, false],
    [`['a', 'b'].exists(x, x == 'b' || ${asks})`, true],
    [`['a', 'b'].all(x, x == 'a' && ${asks})`, false],
  ])('is absorbed by %s', (source, answer) => {
    expect(judge(source, scope)).toBe(answer);
  });

  test.each([
    [asks, 'GitHub does not answer'],
    [`!${asks}`, 'GitHub does not answer'],
    [`${asks} ? true : true`, 'GitHub does not answer'],
    [`${asks} || fields.count > 1`, 'GitHub does not answer'],
    [`fields.count > 1 && ${asks}`, 'fields.count has no answer'],
    ["requester.requests('1d') > 3 || requester.role == 'admin'", 'not read yet'],
    [`['a', 'b'].exists(x, x == 'c' || ${asks})`, 'GitHub does not answer'],
    [`['a', 'b'].exists_one(x, x == 'a' || ${asks})`, 'GitHub does not answer'],
  ])('is the first reason of %s', (source, unknown) => {
    expect(judge(source, scope)).toEqual({ unknown });
  });
});

describe('matches', () => {
  test('searches anywhere, as in CEL', () => {
    expect(judge("fields.urgency.matches('erg')", { fields: { urgency: 'Emergency' } })).toBe(true);
    expect(judge("fields.urgency.matches('^erg')", { fields: { urgency: 'Emergency' } })).toBe(false);
  });

  test('is found wherever it is called, and nowhere else', () => {
    const source =
      "fields.urgency == 'matches(' || fields.urgency.matches('^a') || fields.names.exists(n, n.matches( // that\n'z$'))";
    expect(judge(source, { fields: { urgency: 'matches(' } })).toBe(true);
    expect(judge(source, { fields: { urgency: 'ab' } })).toBe(true);
    expect(judge(source, { fields: { names: ['xyz'] } })).toBe(true);
    expect(judge(source, { fields: { urgency: 'b' } })).toBe(false);
  });
});

test('keeps the text that people are shown', () => {
  expect(compile("fields.urgency.matches('a')").source).toBe("fields.urgency.matches('a')");
});

test('a name from an object’s prototype is no answer', () => {
  const report = createReport('flows/a.yml', createPositions('', []));
  const fields = [{ name: 'toString', type: 'string' }] as const;
  const conditions = createConditions({
    fields,
    access: false,
    people: undefined,
    integrations: undefined,
    conditions: 1,
  });
  const compiled = conditions.ofFields("fields.toString == ''", { at: '' }, report);
  expect(compiled?.condition.judge({ fields: {} })).toBe(true);
});
