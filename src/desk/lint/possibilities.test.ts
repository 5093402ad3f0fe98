// Whatever is said of all requests is so for each: random flows, and random requests that their forms would let through.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hours, minutes } from '../../domain/duration.ts';
import { noIncident } from '../../domain/flow.ts';
import type { Condition, FieldValue, Flow, FlowStep, Rule, Scope } from '../../domain/flow.ts';
import { instant, personId } from '../../domain/names.ts';
import { isBroken } from '../desk.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { readSample } from '../sample-desk.ts';
import { lints } from './lints.ts';
import { knownMembers } from './known-members.ts';
import { isAlways, mostPossibilities, possibilitiesOf } from './possibilities.ts';

const atoms = [
  "fields.word == 'a'",
  "fields.word in ['b', 'c']",
  "fields.word == ''",
  "fields.word.startsWith('a')",
  'fields.yes',
  'fields.level > 1',
  'fields.level == 2',
  'fields.number > 5',
  "fields.text == 'x'",
  "fields.span < duration('1h')",
  "request.target == 'prod'",
  "request.duration > duration('1h')",
  "request.duration == duration('30m')",
  "request.source == 'github'",
  "requester.role == 'admin'",
  "requester.belongs_to('role:admin')",
  "requester.belongs_to('team:acme/x')",
  "requester.belongs_to('team:acme/y')",
  "requester.belongs_to('person:ann')",
  "requester.id == 'bob'",
  "requester.requests('1d') > 2",
  'request.time.getHours() < 12',
  'false',
] as const;
const onForm = atoms.filter((atom) => !/requester|source|time/.test(atom));

function someCondition(of: readonly string[]): fc.Arbitrary<string> {
  const atom = fc.constantFrom(...of);
  const some = fc.oneof(
    { weight: 3, arbitrary: atom },
    { weight: 1, arbitrary: atom.map((one) => `!(${one})`) },
  );
  return fc
    .tuple(
      some,
      fc.constantFrom('', ' && ', ' || ', ' && ', ' ? false : '),
      some,
      fc.constantFrom('', ' && '),
      some,
    )
    .map(([a, join, b, more, c]) => {
      const two = join === '' ? a : `(${a}${join}${b})`;
      return more === '' ? two : `${two}${more}${c}`;
    });
}

/** In this order: each may read those before it. */
const kinds: readonly (readonly [name: string, entry: object])[] = [
  ['word', { type: 'string', options: ['a', 'b', 'c'] }],
  ['yes', { type: 'bool' }],
  ['level', { type: 'int', options: [1, 2, 3] }],
  ['number', { type: 'int' }],
  ['text', { type: 'string' }],
  ['span', { type: 'duration', options: ['30m', '2h'] }],
];

const someFields = fc
  .tuple(
    ...kinds.map(([, entry], index) => {
      const before = onForm.filter((atom) => {
        const read = kinds.findIndex(([name]) => atom.includes(`fields.${name}`));
        return read < index;
      });
      return fc
        .record({
          required: fc.boolean(),
          if: fc.option(someCondition(before), { nil: undefined, freq: 2 }),
        })
        .map((more) => ({ ...entry, ...more }));
    }),
  )
  .map((entries) => Object.fromEntries(entries.map((entry, index) => [kinds[index]?.[0] ?? '', entry])));

const stepNames = ['one', 'two'] as const;
const someRule = fc.record({
  if: someCondition(atoms),
  effect: fc.oneof(
    fc.constant({ deny: true }),
    fc.constantFrom({ approve: ['one'] }, { approve: ['one', 'two'] }),
  ),
});

const someFlow = fc
  .record({
    fields: someFields,
    conditions: fc.tuple(fc.option(someCondition(atoms)), fc.option(someCondition(atoms))),
    rules: fc.array(someRule, { minLength: 1, maxLength: 4 }),
    extend: fc.boolean(),
    requesters: fc.constantFrom(['team:acme/eng'], ['person:ann', 'person:bob'], ['person:ann']),
  })
  .map(({ fields, conditions, rules, extend, requesters }) =>
    [
      `strategy: { type: github-team }`,
      `targets: ${JSON.stringify({ prod: { settings: team('p') }, test: { settings: team('t') } })}`,
      `duration: { options: [30m, 1h, 4h] }`,
      ...(extend ? ['extend: { max_total: 12h }'] : []),
      `requesters: ${JSON.stringify(requesters)}`,
      'fields:',
      ...Object.entries(fields).map(([name, entry]) => `  ${name}: ${JSON.stringify(entry)}`),
      'approval:',
      '  steps:',
      ...stepNames.map(
        (name, index) =>
          `    - ${JSON.stringify({ name, approvers: ['team:acme/data'], if: conditions[index] ?? undefined })}`,
      ),
      'rules:',
      ...rules.map(
        ({ effect, ...rest }, index) => `  - ${JSON.stringify({ name: `r${index}`, ...rest, ...effect })}`,
      ),
    ].join('\n'),
  );

function team(slug: string): object {
  return { organization: 'acme', team_slug: slug };
}

interface Luck {
  readonly target: string;
  readonly duration: number;
  readonly answers: Readonly<Record<string, FieldValue>>;
  readonly blank: readonly boolean[];
  readonly total: number | undefined;
  readonly who: string;
  readonly admin: boolean;
  readonly groups: readonly string[];
  readonly past: number;
  readonly hour: number;
  readonly source: 'github' | 'slack';
}

const someLuck: fc.Arbitrary<Luck> = fc.record({
  target: fc.constantFrom('prod', 'test'),
  duration: fc.constantFrom(minutes(30), hours(1), hours(4)),
  answers: fc.record({
    word: fc.constantFrom('a', 'b', 'c'),
    yes: fc.boolean(),
    level: fc.constantFrom(1, 2, 3),
    number: fc.constantFrom(1, 6),
    text: fc.constantFrom('x', 'y'),
    span: fc.constantFrom(minutes(30), hours(2)),
  }),
  blank: fc.array(fc.boolean(), { minLength: kinds.length, maxLength: kinds.length }),
  total: fc.option(fc.constantFrom(minutes(45), hours(6), hours(12)), { nil: undefined }),
  who: fc.constantFrom('ann', 'bob', 'dora'),
  admin: fc.boolean(),
  groups: fc.subarray(['team:acme/x', 'team:acme/y']),
  past: fc.constantFrom(0, 5),
  hour: fc.constantFrom(3, 15),
  source: fc.constantFrom('github', 'slack'),
});

/** As the form is read: what is not asked has no answer. Undefined where this person may not ask. */
function scopeOf(flow: Flow, luck: Luck): Scope | undefined {
  const { target, duration, answers, blank, total, who, admin, groups, past, hour, source } = luck;
  const named = flow.requesters.filter((each) => each.startsWith('person:'));
  if (named.length > 0 && !named.some((each) => each === `person:${who}`)) return undefined;
  const fields: { [name: string]: FieldValue } = {};
  for (const [index, { name, required, condition }] of flow.fields.entries()) {
    if (condition?.judge({ fields, target, duration }) === false) continue;
    const answer = answers[name];
    if (answer !== undefined && (required || blank[index] !== true)) fields[name] = answer;
  }
  return {
    fields,
    target,
    duration: flow.extend && total !== undefined ? total : duration,
    circumstances: {
      source,
      at: instant(hours(hour)),
      requester: personId(who),
      role: () => (admin ? 'admin' : 'member'),
      belongs: (group) =>
        group === 'role:admin' ? admin : group === `person:${who}` || groups.some((each) => each === group),
      incident: () => noIncident,
      history: () => ({ requests: past, granted: 0, denied: 0 }),
    },
  };
}

interface Linted {
  readonly flow: Flow;
  readonly warnings: readonly Diagnostic[];
  readonly lines: readonly string[];
}

function lint(text: string): Linted {
  const people = ['ann', 'bob', 'dora'].map(
    (name, id) => `  ${name}: { name: ${name}, github: { login: ${name}, id: ${id + 1} } }\n`,
  );
  const files = { 'flows/people.yml': `people:\n${people.join('')}`, 'flows/sample.yml': text };
  const { flows, diagnostics } = readSample(files, { lints });
  const flow = flows.get('sample');
  if (flow === undefined || isBroken(flow)) throw new Error(`${JSON.stringify(diagnostics)}\n${text}`);
  return { flow, warnings: diagnostics, lines: text.split('\n') };
}

/** What a warning says of one request. */
function isTrue(
  { code, line, sentence }: Diagnostic,
  { flow, lines }: Linted,
  { scope, duration }: { readonly scope: Scope; readonly duration: number },
): boolean {
  const written = lines[line - 1] ?? '';
  const judge = (condition: Condition | undefined): unknown => (condition ? condition.judge(scope) : true);
  const rule = named<Rule>(flow.rules, /"name":"(r\d)"/.exec(written)?.[1]);
  const step = named<FlowStep>(flow.approval.steps, /"name":"(one|two)"/.exec(written)?.[1]);
  const field = flow.fields.find(({ name }) => written.startsWith(`  ${name}:`));
  // Whether a field is asked does not depend on what it was extended to later.
  const asked = field?.condition?.judge({ ...scope, duration });
  const said = [...sentence.matchAll(/“(\w+)”/g)].map(([, name]) => name);
  const subject = rule?.condition ?? step?.condition;
  switch (code) {
    case 'rule-never-applies':
    case 'step-never-asked':
      return judge(subject) !== true;
    case 'field-never-asked':
      return asked !== true;
    case 'always-asked':
      return field ? asked !== false : judge(subject) !== false;
    case 'rule-always-approves':
    case 'rule-always-denies':
      return judge(subject) !== false;
    case 'rule-covered':
    case 'rule-always-denied':
      return judge(subject) !== true || judge(named<Rule>(flow.rules, said.at(0))?.condition) === true;
    case 'rule-approves-unasked':
      return (
        judge(subject) !== true || judge(named<FlowStep>(flow.approval.steps, said.at(0))?.condition) !== true
      );
    default:
      return true;
  }
}

function named<T extends { readonly name: string }>(
  all: readonly T[],
  name: string | undefined,
): T | undefined {
  return all.find((each) => each.name === name);
}

/** What `isTrue` judges. */
const about = /never|always|covered|unasked/;

test('what is said of every request is so for each of them', () => {
  let told = 0;
  fc.assert(
    fc.property(someFlow, fc.array(someLuck, { minLength: 20, maxLength: 40 }), (text, lucks) => {
      const linted = lint(text);
      for (const warning of linted.warnings) {
        if (about.test(warning.code)) told += 1;
        for (const luck of lucks) {
          const scope = scopeOf(linted.flow, luck);
          if (scope && !isTrue(warning, linted, { scope, duration: luck.duration }))
            throw new Error(`${warning.code} ${warning.sentence} ${JSON.stringify(scope)}`);
        }
      }
    }),
    { numRuns: 250 },
  );
  // Without any the test would say nothing.
  expect(told).toBeGreaterThan(20);
});

test('however few are told apart, what is so in all of them is so', () => {
  let decided = 0;
  fc.assert(
    fc.property(
      someFlow,
      fc.integer({ min: 1, max: 200 }),
      fc.array(someLuck, { minLength: 20, maxLength: 40 }),
      (text, most, lucks) => {
        const { flow } = lint(text);
        const all = possibilitiesOf(flow, knownMembers(undefined, undefined), most);
        expect(all.length).toBeLessThanOrEqual(most);
        for (const { condition } of [...flow.approval.steps, ...flow.rules])
          for (const answer of [true, false]) {
            if (condition === undefined || !isAlways(all, condition, answer)) continue;
            decided += 1;
            for (const luck of lucks) {
              const scope = scopeOf(flow, luck);
              // It may also be impossible to judge.
              if (scope) expect(condition.judge(scope)).not.toBe(!answer);
            }
          }
      },
    ),
    { numRuns: 150 },
  );
  expect(decided).toBeGreaterThan(15);
});

test('an extension may last longer than any option, also where it is not told apart', () => {
  const field = (name: string): string =>
    `  ${name}: { type: bool, if: "request.duration > duration('1h')" }\n`;
  const { flow } = lint(
    `strategy: { type: github-team }\ntargets: ${JSON.stringify({ t: { settings: team('t') } })}\nduration: { options: [1h, 4h] }\nextend: { max_total: 12h }\nrequesters: [team:acme/eng]\nfields:\n${field('a')}${field('b')}approval: { steps: [{ name: s, approvers: [team:acme/data] }] }\nrules: [{ name: r, deny: true, if: "request.duration > duration('4h')" }]\n`,
  );
  const condition = flow.rules[0]?.condition;
  for (const most of [1, 2, 3, 4, 100])
    expect(
      condition &&
        isAlways(
          possibilitiesOf(flow, () => undefined, most),
          condition,
          false,
        ),
    ).toBe(false);
});

test('there are never more than so many', () => {
  const fields = Array.from({ length: 20 }, (_, n) => `  f${n}: { type: string, options: [a, b, c] }\n`);
  const wide = Array.from({ length: 20 }, (_, n) => `fields.f${n} == 'a'`).join(' && ');
  const text = `requesters: [team:acme/eng]\nfields:\n${fields.join('')}approval: { steps: [{ name: a, approvers: [team:acme/data] }] }\nrules:\n  - { name: r, deny: true, if: "${wide}" }\n  - { name: s, deny: true, if: "fields.f0 == 'b' && fields.f0 == 'c'" }\n`;
  const { flow, warnings } = lint(text);
  expect(possibilitiesOf(flow, knownMembers(undefined, undefined)).length).toBeLessThanOrEqual(
    mostPossibilities,
  );
  // What is read the most is still told apart.
  expect(warnings.map(({ code }) => code)).toEqual(['rule-never-applies']);
});
