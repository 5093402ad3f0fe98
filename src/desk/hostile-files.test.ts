// Files that mean harm: whatever they hold, reading ends soon, and ends in diagnostics.
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { noIncident } from '../domain/flow.ts';
import type { Circumstances, Flow } from '../domain/flow.ts';
import { instant, personId } from '../domain/names.ts';
import { isBroken } from './desk.ts';
import { createDeskReader } from './desk-reader.ts';
import { maxDiagnostics } from './diagnostic.ts';
import { anyApproval, readSample, sampleStrategies } from './sample-desk.ts';

const rest = `requesters: [team:acme/eng]\n${anyApproval}\n`;
// Generous for a busy machine: what these files are made for takes minutes, or for ever.
const soonMs = 5000;

function codesOf(flow: string | Uint8Array): readonly string[] {
  const start = performance.now();
  const { diagnostics, flows } = readSample({ 'flows/sample.yml': flow });
  expect(performance.now() - start).toBeLessThan(soonMs);
  expect(diagnostics.length).toBeLessThanOrEqual(maxDiagnostics);
  const read = flows.get('sample');
  expect(read && isBroken(read)).toBe(diagnostics.length > 0);
  return diagnostics.map(({ code }) => code);
}

function flowOf(text: string): Flow {
  const flow = readSample({ 'flows/sample.yml': text }).flows.get('sample');
  if (flow === undefined || isBroken(flow))
    throw new Error(`It should have been read: ${flow?.broken[0]?.sentence}`);
  return flow;
}

const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  new Uint8Array(
    parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : [...part])),
  );

describe('size', () => {
  test('refuses a megabyte before anybody parses it', () => {
    expect(codesOf(`label: ${'x'.repeat(1024 * 1024)}`)).toEqual(['file-too-large']);
  });

  test('refuses more than ten thousand lines', () => {
    expect(codesOf('#\n'.repeat(10_001) + rest)).toEqual(['file-too-large']);
  });

  test('reads ten thousand lines', () => {
    expect(codesOf('#\n'.repeat(9_990) + rest)).toEqual([]);
  });

  const large = 250_000;
  test.each([
    ['a long label', `label: ${'x'.repeat(large)}\n${rest}`],
    ['a long e-mail address', `label: "a@${'.'.repeat(large)} "\n${rest}`],
    ['many unknown keys', `${Array.from({ length: 9_000 }, (_, n) => `key${n}: 1`).join('\n')}\n`],
    ['the same key, over and over', 'label: X\n'.repeat(9_000)],
    ['many groups', `requesters: [${'a, '.repeat(80_000)}a]\n${anyApproval}\n`],
    [
      'many people who do not exist',
      `requesters: [${Array.from({ length: 50 }, (_, n) => `person:zed${n}`).join(', ')}]\n${anyApproval}\n`,
    ],
    ['many options', `fields: { a: { type: int, options: [${'1, '.repeat(80_000)}1] } }\n${rest}`],
    ['many brackets', '['.repeat(large)],
    ['many braces', 'a: {'.repeat(large / 4)],
    ['brackets and a placeholder', `a: ${'['.repeat(10)}${'x '.repeat(100_000)} \${{ }}: ]`],
    ['many colons', `a${': a'.repeat(80_000)}`],
    ['many dashes', '- '.repeat(100_000)],
    ['many quotes', `a: ${'"'.repeat(large)}`],
    ['many question marks', '? '.repeat(100_000)],
    ['many tags', `a: ${'!'.repeat(large)}`],
    ['many spaces', `a:${' '.repeat(large)}`],
    ['folded lines', `label: >\n${'  x\n'.repeat(9_000)}${rest}`],
    ['spaces in a label', `label: "x${' '.repeat(large)}\\n"\n${rest}`],
  ])('is done soon with %s', (_, flow) => {
    expect(codesOf(flow).length).toBeGreaterThan(0);
  });
});

test('refuses a bomb of aliases', () => {
  const bomb = Array.from(
    { length: 9 },
    (_, n) => `a${n}: &a${n} [${`*a${n - 1}, `.repeat(n === 0 ? 0 : 9)}x]`,
  );
  expect(codesOf(bomb.join('\n'))).toEqual(['yaml-alias']);
});

test('refuses a merge key', () => {
  expect(codesOf(`<<: { label: X }\n${rest}`)).toEqual(['unknown-key']);
});

test.each([
  ['a lone continuation byte', bytes('label: X\nd: ', [0x80], '\n'), 2, 4],
  ['an overlong slash', bytes('label: ', [0xc0, 0xaf], '\n'), 1, 8],
  ['half a surrogate pair', bytes('a: ', [0xed, 0xa0, 0x80]), 1, 4],
  ['UTF-16', bytes([0xff, 0xfe, 0x61, 0x00]), 1, 1],
])('tells the place of %s', (_, content, line, column) => {
  const { diagnostics } = readSample({ 'flows/sample.yml': content });
  expect(diagnostics).toMatchObject([{ code: 'not-utf8', line, column }]);
});

describe('patterns', () => {
  const evil = `${'a'.repeat(3999)}!`;
  test.each(['^(a+)+$', '(a*)*b', '(a|aa)+$', '(.*a){12}', '([a-z]+)*[A-Z]', '(a?){20}a{20}', '(.?){100}!x'])(
    '%s is judged in linear time',
    (pattern) => {
      const flow = flowOf(`fields: { a: { type: string, pattern: ${JSON.stringify(pattern)} } }\n${rest}`);
      const start = performance.now();
      flow.fields[0]?.pattern?.matches(evil);
      expect(performance.now() - start).toBeLessThan(soonMs);
    },
  );
});

describe('conditions', () => {
  const long = 'a'.repeat(3999);
  const fields = {
    a: `${long}!`,
    b: `${long}b`,
    l: Array.from({ length: 100 }, () => `${long}c`),
  };
  const circumstances: Circumstances = {
    source: 'github',
    at: instant(0),
    requester: personId('ann'),
    role: () => 'member',
    belongs: () => false,
    incident: () => noIncident,
    history: () => ({ requests: 0, granted: 0, denied: 0 }),
  };
  const rules = 50;
  const stepsOfAll = 1_000_000;

  /** The same part as often as a condition may hold it. */
  const fill = (part: string, join: string, [head, tail]: readonly [string, string] = ['', '']): string => {
    const most = Math.min(28, Math.floor((1000 - head.length - tail.length) / (part.length + join.length)));
    return head + Array.from({ length: most }, () => part).join(join) + tail;
  };
  const through = ['fields.l.exists(x, ', ')'] as const;

  test.each([
    [fill('x in fields.l', ' && ', ['fields.l.exists(x, !(', '))'])],
    [fill('x == fields.b', ' || ', through)],
    [fill('x < fields.b', ' || ', through)],
    [fill('fields.a.contains(x)', ' || ', through)],
    [fill('fields.l == [x]', ' || ', through)],
    [fill("x.matches('(a+)+$')", ' || ', through)],
    [fill("x.matches('[ab]*a[ab]{300}[cd]')", ' || ', through)],
    [fill("x.lowerAscii() == 'b'", ' || ', through)],
    [fill('size(x) == 1', ' || ', through)],
    [fill('x', ' + ', ['fields.l.exists(x, fields.a == ', ')'])],
    [fill("requester.id == ''", ' || ', through)],
    [fill("request.time.getHours('Europe/Berlin') == 25", ' || ', through)],
    [fill('fields.l', ' + ', ['', ' == []'])],
    [fill('fields.a', ' + ', ['', " == ''"])],
  ])('are judged in a bounded number of steps, fifty of them: %s', (source) => {
    const written = Array.from(
      { length: rules },
      (_, n) => `  - { name: r${n}, deny: true, if: ${JSON.stringify(source)} }\n`,
    );
    const flow = flowOf(
      `fields: { a: { type: string }, b: { type: string }, l: { type: string-list } }\n${rest}rules:\n${written.join('')}`,
    );
    let reads = 0;
    const counted = new Proxy(fields, {
      getOwnPropertyDescriptor: (target, name) => {
        if (name === 'l') reads += 1;
        return Reflect.getOwnPropertyDescriptor(target, name);
      },
    });
    const start = performance.now();
    for (const { condition } of flow.rules)
      expect(condition.judge({ fields: counted, circumstances })).toBeDefined();
    expect(performance.now() - start).toBeLessThan(soonMs);
    // Each time it costs as many steps as it has items; each rule may pass its share once, by what was the last straw.
    expect(reads * fields.l.length).toBeLessThan(stepsOfAll + rules * fields.l.length);
  });

  test('that take too long cannot be judged, and say so', () => {
    const flow = flowOf(
      `fields: { a: { type: string }, l: { type: string-list } }\n${rest}rules: [{ name: r, deny: true, if: "fields.l.exists(x, fields.a.contains(x))" }]\n`,
    );
    const [rule] = flow.rules;
    expect(rule?.condition.judge({ fields })).toEqual({ unknown: 'judging it would take too long' });
    expect(rule?.condition.judge({ fields: { a: 'one two', l: ['three', 'two'] } })).toBe(true);
  });

  test.each([
    ['memory by doubling', "cel.bind(a, fields.a + fields.a, cel.bind(b, a + a, b == 'x'))"],
    ['a list made of lists', 'fields.l.map(x, fields.l).size() > 1'],
    ['deep parentheses', `${'('.repeat(450)}true${')'.repeat(450)}`],
    ['many negations', `${'!'.repeat(900)}true`],
    ['many brackets', `${'['.repeat(450)}${']'.repeat(450)} == []`],
    ['many ternaries', `${'true ? '.repeat(60)}true${' : false'.repeat(60)}`],
    ['a constant that backtracks', "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('^(a+)+$')"],
    ['the constructor of everything', 'fields.constructor == fields.__proto__'],
  ])('refuses %s', (_, source) => {
    const flow = `fields: { a: { type: string }, l: { type: string-list } }\nrequesters: [team:acme/eng]\napproval:\n  steps:\n    - { name: a, approvers: [team:acme/a], if: ${JSON.stringify(source)} }\n`;
    expect(codesOf(flow).length).toBeGreaterThan(0);
  });
});

describe('whatever a file holds', () => {
  const folder = new URL('../../flows/', import.meta.url);
  const seeds = readdirSync(folder).map((name) => readFileSync(new URL(name, folder)));
  const { readDesk } = createDeskReader({ strategies: sampleStrategies });
  const paths = ['flows/countersign.yml', 'flows/people.yml', 'flows/sample.yml'];
  const pieces = [
    '${{',
    '}}',
    '!x',
    '*a',
    '&a',
    ': ',
    '\n',
    '\t',
    '  ',
    '- ',
    '"',
    "'",
    '{',
    ']',
    '#',
    '\uFEFF',
    '\u2028',
    '\0',
    '~',
    '<<',
    '__proto__: 1',
    'fields.x',
    '0',
    '---\n',
  ];

  test('a mutated file is read or told, and never throws', () => {
    const mutation = fc.record({
      at: fc.nat(),
      cut: fc.nat(40),
      put: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 8 })),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.constantFrom(...paths),
        fc.array(mutation, { minLength: 1, maxLength: 5 }),
        (seed, path, mutations) => {
          let text = seed.toString();
          for (const { at, cut, put } of mutations) {
            const place = at % (text.length + 1);
            text = text.slice(0, place) + put + text.slice(place + cut);
          }
          const { diagnostics } = readDesk(new Map([[path, new TextEncoder().encode(text)]]), 'c');
          for (const { line, column } of diagnostics) expect(line > 0 && column > 0).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('nor do bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(...paths), (content, path) => {
        expect(readDesk(new Map([[path, content]]), 'c').closed).toBeDefined();
      }),
      { numRuns: 150 },
    );
  });
});
