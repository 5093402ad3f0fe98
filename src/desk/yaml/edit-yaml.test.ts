// Small changes to YAML that people keep: what was typed otherwise stays to the letter.
import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { editYaml, type YamlChange } from './edit-yaml.ts';
import { inFlow } from './print-yaml.ts';

const people = `# Who is who.
people:
  ann: # the first
    name: "Ann Ortega"   # as she writes it
    github: { login: ann-o, id: 583231, }

  # Flow style, for no good reason.
  bob: { name: Bob, accounts: { okta: 00u1 } }

  cleo:
    name: Cleo
    role: guest
    slack:
      workspace: T1CUST000
      user: U1CLEO000
`;

/** The lines that went and came. */
function changed(before: string, after: string | undefined): readonly string[] | undefined {
  if (after === undefined) return undefined;
  const [old, now] = [before.split('\n'), after.split('\n')];
  while (old.length > 0 && old[0] === now[0]) [old, now].forEach((lines) => lines.shift());
  while (old.length > 0 && old.at(-1) === now.at(-1)) [old, now].forEach((lines) => lines.pop());
  return [...old.map((line) => `-${line}`), ...now.map((line) => `+${line}`)];
}

const edit = (change: YamlChange, text = people) => changed(text, editYaml(text, change));

describe('a small change', () => {
  test('adds a key below the last one, and the map around it where there is none', () => {
    expect(edit({ set: ['people', 'ann', 'accounts', 'okta'], value: '00u2' })).toEqual([
      '+    accounts: { okta: 00u2 }',
    ]);
    expect(edit({ set: ['people', 'bob', 'accounts', 'okta@eu'], value: '1052' })).toEqual([
      '-  bob: { name: Bob, accounts: { okta: 00u1 } }',
      "+  bob: { name: Bob, accounts: { okta: 00u1, okta@eu: '1052' } }",
    ]);
  });

  test('replaces what stands on its line, and leaves a block alone', () => {
    expect(edit({ set: ['people', 'ann', 'name'], value: 'Ann O' })).toEqual([
      '-    name: "Ann Ortega"   # as she writes it',
      '+    name: Ann O   # as she writes it',
    ]);
    expect(edit({ set: ['people', 'ann', 'github'], value: { login: 'a', id: 2 } })).toEqual([
      '-    github: { login: ann-o, id: 583231, }',
      '+    github: { login: a, id: 2 }',
    ]);
    expect(edit({ set: ['people', 'cleo', 'slack'], value: 'U1' })).toBeUndefined();
  });

  test('adds a block with the indentation and the empty lines of those beside it, behind the one that is named', () => {
    const value = { name: 'Eve', github: { login: 'eve', id: 9 } };
    expect(editYaml(people, { set: ['people', 'eve'], value })).toBe(
      `${people}
  eve:
    name: Eve
    github: { login: eve, id: 9 }
`,
    );
    const wide = 'people:\n    ann:\n        name: Ann\n    bob: { name: Bob }';
    expect(editYaml(wide, { set: ['people', 'eve'], value, after: 'ann' })).toBe(
      'people:\n    ann:\n        name: Ann\n    eve:\n        name: Eve\n        github: { login: eve, id: 9 }\n    bob: { name: Bob }',
    );
    expect(editYaml(wide, { set: ['people', 'eve'], value: { name: 'Eve' } })).toBe(
      `${wide}\n    eve: { name: Eve }\n`,
    );
  });

  test('takes a key away, of a block and of a line', () => {
    expect(edit({ remove: ['people', 'cleo', 'role'] })).toEqual(['-    role: guest']);
    const line = 'a: { x: 1, y: 2, z: 3 } # c\n';
    expect(editYaml(line, { remove: ['a', 'x'] })).toBe('a: { y: 2, z: 3 } # c\n');
    expect(editYaml(line, { remove: ['a', 'z'] })).toBe('a: { x: 1, y: 2 } # c\n');
    expect(editYaml('a: { x: 1 }\n', { remove: ['a', 'x'] })).toBeUndefined();
    expect(edit({ remove: ['people', 'ann', 'role'] })).toBeUndefined();
  });

  test('adds to a list and takes from it, however it is written', () => {
    const block = 'admins:\n  - team:acme/x # c\n  - person:ann\nversion: 1\n';
    expect(edit({ append: ['admins'], item: 'person:bob' }, block)).toEqual(['+  - person:bob']);
    expect(edit({ drop: ['admins'], item: 'team:acme/x' }, block)).toEqual(['-  - team:acme/x # c']);
    const flow = 'admins: [team:acme/x, person:ann] # c\n';
    expect(editYaml(flow, { append: ['admins'], item: 'person:bob' })).toBe(
      'admins: [team:acme/x, person:ann, person:bob] # c\n',
    );
    expect(editYaml(flow, { drop: ['admins'], item: 'person:ann' })).toBe('admins: [team:acme/x] # c\n');
    expect(editYaml('admins: [person:ann]\n', { drop: ['admins'], item: 'person:ann' })).toBeUndefined();
    const last = 'admins:\n- person:ann';
    expect(editYaml(last, { append: ['admins'], item: 'person:bob' })).toBe(`${last}\n- person:bob`);
  });

  test('keeps the line ends of the file', () => {
    const text = 'people:\r\n  ann:\r\n    name: Ann\r\n';
    expect(editYaml(text, { set: ['people', 'ann', 'slack'], value: 'U1' })).toBe(`${text}    slack: U1\r\n`);
  });

  test('changes nothing where more would change than is meant', () => {
    expect(editYaml('people:\n', { set: ['people', 'ann', 'name'], value: 'Ann' })).toBeUndefined();
    expect(editYaml('a: &x { b: 1 }\nc: *x\n', { set: ['a', 'b'], value: 2 })).toBeUndefined();
    // The tag would make a text of the number.
    expect(editYaml('a: !!str 12\n', { set: ['a'], value: 5 })).toBeUndefined();
    expect(editYaml('- a\n', { set: ['a'], value: 2 })).toBeUndefined();
  });
});

test('any text is written so that it reads back as the same, alone and in a map', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'grapheme' })), (text) => {
      expect(load(inFlow(text))).toBe(text);
      expect(load(`a: ${inFlow({ b: text, c: { d: text } })}`)).toEqual({ a: { b: text, c: { d: text } } });
    }),
  );
  for (const text of ['true', 'null', '1052', '1e5', '0x1f', '~', '', 'a: b', 'a #b', '-', 'ünal', "it's"])
    expect(load(`a: ${inFlow(text)}`)).toEqual({ a: text });
  expect([inFlow('00u1a2b'), inFlow('Inês Costa'), inFlow('1052')]).toEqual([
    '00u1a2b',
    'Inês Costa',
    "'1052'",
  ]);
});
