import { describe, expect, test } from 'vitest';
import { edited, files, paths, type Edit } from '../../../test/builders/changed-desk.ts';
import { group, personId } from '../../domain/names.ts';
import type { Desk } from '../desk.ts';
import { readSample } from '../sample-desk.ts';
import { compareDesks, type DesksToCompare } from './compare-desks.ts';

const desk = edited();
const { prod: p, settings: c, people: y, team: t, migrate: m } = paths;

describe('the author of the change', () => {
  const ann = personId('ann');
  const teams: Readonly<Record<string, readonly string[]>> = {
    'team:acme/engineering': ['ann', 'bob'],
    'team:acme/data': ['bob'],
    'team:acme/ops': ['ann'],
  };
  const belongs = (person: string, of: string): boolean => (teams[of] ?? []).includes(person);
  const own = (after: Desk, more: Partial<DesksToCompare> = {}, before = desk): readonly string[] => {
    const found = compareDesks({ before, after, author: ann, belongs, ...more });
    const said = found.filter(({ kind }) => kind.startsWith('author-'));
    expect(found.slice(0, said.length)).toEqual(said);
    return said.map(({ kind, sentence }) => `${kind}: ${sentence.replace(/^.*?access: /, '')}`);
  };
  const widens: readonly (readonly [how: string, edits: readonly Edit[], said: string])[] = [
    [
      'may ask, by name',
      [[p, 'requesters: [team:acme/other]', 'requesters: [team:acme/other, person:ann]']],
      'author-widens: ann may newly ask for the target other of prod.',
    ],
    [
      'may ask, through a group that they belong to',
      [[p, 'requesters: [team:acme/other]', 'requesters: [team:acme/ops]']],
      'author-widens: ann may newly ask for the target other of prod.',
    ],
    [
      'may approve, through a group that they belong to',
      [[p, 'approvers: [team:acme/data]', 'approvers: [team:acme/data, team:acme/ops]']],
      'author-widens: ann may newly approve the step data of prod.',
    ],
    [
      'may approve, as the manager of whoever asks',
      [[p, 'approvers: [team:acme/data]', 'approvers: [team:acme/data, manager:requester]']],
      'author-widens: ann may newly approve the step data of prod.',
    ],
    [
      'may approve, as the manager of somebody',
      [[p, 'approvers: [team:acme/data]', 'approvers: [team:acme/data, manager:bob]']],
      'author-widens: ann may newly approve the step data of prod.',
    ],
    [
      'may approve, because everybody may',
      [[t, 'approvers: [team:acme/leads]', 'approvers: [role:member]']],
      'author-widens: ann may newly approve the step lead of team.',
    ],
    [
      'becomes an admin, through a group that they belong to',
      [[c, 'admins: [team:acme/platform]', 'admins: [team:acme/platform, team:acme/ops]']],
      'author-widens: ann becomes an admin of this desk.',
    ],
    [
      'gets another account',
      [[y, 'github: { login: ann-o, id: 1 }', 'github: { login: ann-o, id: 1 }, slack: U07ANN000']],
      'author-widens: the account U07ANN000 on Slack would act as ann.',
    ],
    [
      'would act as somebody else',
      [
        [y, 'github: { login: ann-o, id: 1 }', 'github: { login: ann-o, id: 77 }'],
        [y, 'github: { login: bob-l, id: 2 }', 'github: { login: bob-l, id: 1 }'],
      ],
      'author-widens: by an account of ann they would act as bob.',
    ],
    [
      'becomes the manager of somebody',
      [[y, 'role: guest', 'role: guest, manager: ann']],
      'author-widens: ann becomes the manager of gus.',
    ],
    [
      'asks under less',
      [[p, 'count: 2', 'count: 1']],
      'author-widens: what ann may ask for in prod gets easier (The step data of prod needs 1 approval instead of 2).',
    ],
    [
      'asks under other conditions',
      [[p, "if: request.duration > duration('30m')", 'if: "false"']],
      "author-may-widen: what ann may ask for in prod changes (The condition changes under which the step late of prod is asked: from “request.duration > duration('30m')” to “false”).",
    ],
    [
      'asks for more by a variable',
      [[c, 'account: "111111111111"', 'account: "999999999999"']],
      'author-may-widen: what ann may ask for in prod changes (The target main of prod grants something else: account_id is “"999999999999"” instead of “"111111111111"”).',
    ],
    [
      'asks for more by a shared target',
      [[c, 'team_slug: deployers', 'team_slug: admins']],
      'author-may-widen: what ann may ask for in team changes (The target shared of team grants something else: team_slug is “admins” instead of “deployers”).',
    ],
    [
      'asks for more by an environment',
      [[p, 'environment: prod', 'environment: test']],
      'author-may-widen: what ann may ask for in prod changes (prod is granted through main instead of prod/main, and 1 more).',
    ],
    [
      'asks under less by the defaults of the desk',
      [[c, 'valid_for: 1h', 'valid_for: 9h']],
      'author-widens: what ann may ask for in migrate gets easier (An approval of migrate may be used for 9h instead of 1h).',
    ],
    [
      'asks through what leads elsewhere',
      [
        [
          c,
          'main: { type: aws, region: eu-north-1 } }',
          'main: { type: aws, region: eu-north-1, token: "${{ secrets.X }}" } }',
        ],
      ],
      'author-may-widen: what ann may ask for in prod changes (the integration prod/main leads elsewhere or acts otherwise).',
    ],
  ];
  for (const [how, edits, said] of widens)
    test(how, () => {
      expect(own(edited(...edits))).toContain(said);
    });

  test('gains by a flow that is new, renamed, or mended', () => {
    const { [p]: prod, ...others } = files;
    expect(own(readSample({ ...files, 'flows/new.yml': files[m] }))).toContain(
      'author-widens: ann may newly ask for new.',
    );
    const text = prod.replace('approvers: [team:acme/data]', 'approvers: [team:acme/ops]');
    expect(own(readSample({ ...others, 'flows/production.yml': text }))).toContain(
      'author-widens: ann may newly approve the step data of production.',
    );
    const brokenDesk = readSample({ ...files, [t]: files[t].replace('requesters', 'askers') });
    expect(own(desk, {}, brokenDesk)).toContain('author-widens: ann may newly ask for team.');
  });

  test('gains as a guest who becomes a member, and as somebody new', () => {
    const gus = { author: personId('gus') };
    const found = own(edited([y, 'role: guest, ', '']), { ...gus, belongs: () => false });
    expect(found).toEqual(['author-widens: gus becomes a member.']);
    const all = own(
      edited(
        [y, 'role: guest, ', ''],
        [t, 'requesters: [team:acme/engineering]', 'requesters: [role:member]'],
      ),
      { ...gus, belongs: () => false },
    );
    expect(all).toContain('author-widens: gus may newly ask for team.');
    const eve = edited([y, '  gus:', '  eve: { name: Eve, github: { login: eve, id: 9 } }\n  gus:']);
    expect(own(eve, { author: personId('eve') })).toContain(
      'author-widens: eve becomes a person of this desk, as a member.',
    );
  });

  test('may gain where it is not known whether they belong, and that is said', () => {
    const after = edited([p, 'approvers: [team:acme/data]', 'approvers: [team:acme/data, team:acme/ops]']);
    const unknown = {
      belongs: (_: string, of: string) => (of === group('team:acme/ops') ? undefined : belongs('ann', of)),
    };
    expect(own(after, unknown)).toContain(
      'author-may-widen: ann may newly approve the step data of prod. It is not known here whether they belong to the team acme/ops.',
    );
    expect(own(after, { belongs: () => undefined })).not.toEqual([]);
  });

  test('gains nothing by what only takes away, or is about others', () => {
    expect(own(edited([p, 'count: 2', 'count: 3']))).toEqual([]);
    expect(
      own(
        edited([p, 'requesters: [team:acme/engineering]', 'requesters: [team:acme/engineering, person:bob]']),
      ),
    ).toEqual([]);
    expect(own(edited([p, 'danger: Mind the gap.', 'danger: Mind.']))).toEqual([]);
  });
});
