import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readHujson } from '../../../sandbox/services/tailscale/hujson.ts';
import { membersOf, withMember, withoutMember } from './group-members.ts';

const group = 'group:prod-admins';
const ann = 'ann@acme.com';

describe('whatever the policy file looks like', () => {
  /** What may stand between any two signs; some of it looks like what it is not. */
  const trivia = fc
    .array(
      fc.constantFrom(
        ...['', '', ' ', '  ', '\t', '\n', '\r\n', '\n\n', '\n    '],
        ...[
          '// Ann\n',
          `// "${ann}",\r\n`,
          '// ] } , " \\\n',
          '/* the leads */',
          `/* "${ann}",\n ] */`,
          '/**/',
        ],
      ),
      { maxLength: 3 },
    )
    .map((parts) => parts.join(''));
  const login = fc.constantFrom('bob@acme.com', 'max@acme.com', 'ann@acme.company', 'zoe@github', 'é"\\,]@x');
  const annInSomeCase = fc.constantFrom(ann, 'Ann@Acme.com', 'ANN@ACME.COM');

  function listed(
    kind: '[' | '{',
    parts: readonly (readonly string[])[],
    spaces: fc.Arbitrary<string>,
  ): fc.Arbitrary<string> {
    const close = kind === '[' ? ']' : '}';
    return fc.record({ gaps: fc.infiniteStream(spaces), trails: fc.boolean() }).map(({ gaps, trails }) => {
      const gap = (): string => gaps.next().value;
      const written = parts.map((tokens) => tokens.map((each) => gap() + each + gap()).join(''));
      return kind + gap() + written.join(',') + (trails && parts.length > 0 ? `,${gap()}` : '') + close;
    });
  }

  /** `groups` somewhere among other sections, the group somewhere among other groups. */
  function policy(members: readonly string[], others: readonly string[], spaces: fc.Arbitrary<string>) {
    const names = (logins: readonly string[]) => logins.map((each) => [JSON.stringify(each)]);
    return fc
      .record({
        mine: listed('[', names(members), spaces),
        theirs: listed('[', names(others), spaces),
        rule: listed(
          '{',
          [
            ['"src"', ':', `["${group}"]`],
            ['"users"', ':', '["root"]'],
          ],
          spaces,
        ),
        order: fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
        key: fc.constantFrom('"groups"', '"Groups"', '"g\\u0072oups"'),
      })
      .chain(({ mine, theirs, rule, order, key }) =>
        listed(
          '{',
          [
            [JSON.stringify(group), ':', mine],
            ['"group:on-call"', ':', theirs],
          ],
          spaces,
        ).chain((groups) => {
          const sections = [
            [key, ':', groups],
            ['"ssh"', ':', `[${rule}]`],
            ['"randomizeClientPort"', ':', 'true'],
          ];
          return fc
            .tuple(
              spaces,
              listed(
                '{',
                order.map((index) => sections[index] ?? []),
                spaces,
              ),
              spaces,
            )
            .map((all) => all.join(''));
        }),
      );
  }

  const logins = fc.array(login, { maxLength: 4 });
  const withoutAnn = fc
    .tuple(logins, logins)
    .chain(([members, others]) =>
      policy(members, [...others, ann], trivia).map((text) => ({ text, members })),
    );
  const withAnn = fc
    .tuple(logins, fc.array(annInSomeCase, { minLength: 1, maxLength: 2 }))
    .chain(([others, anns]) =>
      fc.shuffledSubarray([...others, ...anns], { minLength: others.length + anns.length }),
    )
    .chain((members) => policy(members, [ann], trivia).map((text) => ({ text, members })));

  function read(text: string) {
    const all = readHujson(text);
    if (all === undefined) throw new Error(`It is no HuJSON any more:\n${text}`);
    return all;
  }

  /** The file with the members of the group put last, so that those are all that differs. */
  function besidesMembers(text: string): unknown {
    const { value } = read(text);
    return JSON.parse(
      JSON.stringify(value, (key, each: unknown) =>
        key === group && Array.isArray(each) ? 'the members' : each,
      ),
    );
  }

  test('a member more is one insertion, and taken away again it leaves the very same text', () => {
    fc.assert(
      fc.property(withoutAnn, ({ text, members }) => {
        const more = withMember(text, group, ann);
        expect([...(membersOf(more, group) ?? [])].sort()).toEqual([...members, ann].sort());
        expect(besidesMembers(more)).toEqual(besidesMembers(text));
        expect(read(more).comments).toEqual(read(text).comments);
        expect(isOneInsertion(text, more)).toBe(true);
        expect(withMember(more, group, ann)).toBe(more);
        expect(withoutMember(more, group, ann)).toBe(text);
      }),
      { numRuns: 150 },
    );
  });

  test('a member less takes nothing else away: no comment, and nobody else', () => {
    fc.assert(
      fc.property(withAnn, ({ text, members }) => {
        const less = withoutMember(text, group, ann);
        const others = members.filter((each) => each.toLowerCase() !== ann);
        expect(membersOf(less, group)).toEqual(others);
        expect(besidesMembers(less)).toEqual(besidesMembers(text));
        expect(read(less).comments).toEqual(read(text).comments);
        expect(isSubsequence(less, text)).toBe(true);
        expect(withoutMember(less, group, ann)).toBe(less);
      }),
      { numRuns: 150 },
    );
  });

  test('plain JSON stays plain JSON', () => {
    const plain = fc
      .tuple(logins, fc.constantFrom('', ' ', '\n  '))
      .chain(([others, space]) =>
        fc
          .shuffledSubarray([...others, ann], { minLength: others.length + 1 })
          .map((members) =>
            JSON.stringify(
              { groups: { [group]: members }, ssh: [] },
              undefined,
              space === '' ? undefined : 2,
            ),
          ),
      );
    fc.assert(
      fc.property(plain, (text) => {
        const less = withoutMember(text, group, ann);
        expect(() => JSON.parse(less)).not.toThrow();
        expect(() => JSON.parse(withMember(less, group, ann))).not.toThrow();
      }),
    );
  });
});

function isOneInsertion(before: string, after: string): boolean {
  let same = 0;
  while (same < before.length && before[same] === after[same]) same += 1;
  let end = 0;
  while (end < before.length && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return same + end >= before.length;
}

function isSubsequence(less: string, more: string): boolean {
  let at = 0;
  for (const sign of less) {
    at = more.indexOf(sign, at) + sign.length;
    if (at < sign.length) return false;
  }
  return true;
}

describe('as people write it', () => {
  const file = `// Who may reach what.
{
  "groups": {
    "group:prod-admins": [ // on call, and nobody else
      // the leads
      "bob@acme.com", // Bob
      "max@acme.com", // Max
    ],
  },
}
`;

  test('the new member stands on a line of its own, above all comments of others', () => {
    expect(withMember(file, group, ann)).toBe(
      file.replace('nobody else\n', 'nobody else\n      "ann@acme.com",\n'),
    );
  });

  test('a comment beside a member who leaves stays', () => {
    expect(withoutMember(file, group, 'max@acme.com')).toBe(file.replace('"max@acme.com", // Max', '// Max'));
  });

  test.each([
    ['[]', '["ann@acme.com"]'],
    ['["bob@acme.com"]', '["ann@acme.com", "bob@acme.com"]'],
    ['[\n    ]', '[\n      "ann@acme.com"\n    ]'],
    ['[\n\t\t]', '[\n\t\t\t"ann@acme.com"\n\t\t]'],
    ['[\r\n  "bob@acme.com"\r\n]', '[\r\n  "ann@acme.com",\r\n  "bob@acme.com"\r\n]'],
  ])('%j becomes %j, and back', (list, more) => {
    const written = (each: string): string => `{"groups": {"${group}": ${each}}}`;
    expect(withMember(written(list), group, ann)).toBe(written(more));
    expect(withoutMember(written(more), group, ann)).toBe(written(list));
  });

  test.each([
    ['["bob@acme.com", "ann@acme.com"]', '["bob@acme.com"]'],
    ['[\n  "bob@acme.com",\n  "ann@acme.com"\n]', '[\n  "bob@acme.com"\n]'],
    ['["ann@acme.com" /* for May */ , "bob@acme.com"]', '[ /* for May */  "bob@acme.com"]'],
  ])('of %j stays %j', (list, less) => {
    const written = (each: string): string => `{"groups": {"${group}": ${each}}}`;
    expect(withoutMember(written(list), group, ann)).toBe(written(less));
  });
});

describe('a file that leaves a doubt is not touched', () => {
  test.each([
    ['nothing', ''],
    ['half a file', '{"groups": {"group:prod-admins": ['],
    ['two roots', '{"groups": {}} {}'],
    ['the section twice', '{"groups": {"group:prod-admins": []}, "Groups": {}}'],
    ['the group twice', '{"groups": {"group:prod-admins": [], "group:prod-admins": []}}'],
    ['a group that is no list', '{"groups": {"group:prod-admins": "bob@acme.com"}}'],
    ['a member that is no text', '{"groups": {"group:prod-admins": [1]}}'],
    [
      'a bare carriage return, after which some readers are out of a comment',
      '{"groups": {"group:prod-admins": [ // x\r"bob@acme.com"\n]}}',
    ],
  ])('%s', (_, text) => {
    expect(() => membersOf(text, group)).toThrow('without doubt');
    expect(() => withMember(text, group, ann)).toThrow('without doubt');
    expect(() => withoutMember(text, group, ann)).toThrow('without doubt');
  });

  test('a group that is not there gets nobody, and has nobody to lose', () => {
    expect(membersOf('{"groups": {}}', group)).toBeUndefined();
    expect(() => withMember('{}', group, ann)).toThrow('no such group');
    expect(withoutMember('{}', group, ann)).toBe('{}');
  });
});
