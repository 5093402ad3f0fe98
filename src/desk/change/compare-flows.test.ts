// Whoever wants a dangerous flow to read as harmless makes what is beside it long.
import { describe, expect, test } from 'vitest';
import { edited, files, line, paths, type Edit } from '../../../test/builders/changed-desk.ts';
import { readSample } from '../sample-desk.ts';
import { compareDesks } from './compare-desks.ts';

const desk = edited();

function lines(text: string): readonly string[] {
  const after = readSample({ ...files, 'flows/new.yml': text });
  expect(after.diagnostics).toEqual([]);
  return compareDesks({ before: desk, after }).map(line);
}

function linesOf(...edits: readonly Edit[]): readonly string[] {
  return compareDesks({ before: desk, after: edited(...edits) }).map(line);
}

const many = (count: number, name: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => name(n)).join(', ');

const flow = `strategy: { type: github-team }
targets: { one: { settings: { organization: acme, team_slug: one } } }
duration: { options: [1h] }
requesters: [team:acme/engineering]
approval: { steps: [{ name: lead, approvers: [team:acme/leads] }] }
`;

describe('a new flow', () => {
  test('is told in short sentences: who may ask, what for and how long, who decides, and by which rules', () => {
    expect(
      lines(
        flow.replace(
          'approval: {',
          "rules: [{ name: any, if: 'true', approve: [lead] }]\napproval: { allow_self_approval: true,",
        ),
      ),
    ).toEqual([
      '!easier rule-added: A new rule of new, any, approves lead in the place of people where “true”. Nobody else is asked then.',
      '!easier self-approval: Whoever asks for new can newly approve their own request, where a step is theirs.',
      'easier flow-added: The team acme/engineering can newly ask for new.',
      'easier flow-asks: new asks 1 of the team acme/leads (lead).',
      'easier flow-grants: new grants one (organization “acme”, team_slug “one”), by github-team, for 1h.',
    ]);
  });

  test('is as loud as a change would be where everybody may ask or approve, or it has no end', () => {
    expect(
      lines(
        flow
          .replace('[1h]', '[1h, until-revoked]')
          .replace('[team:acme/engineering]', '[team:acme/engineering, role:member]')
          .replace('[team:acme/leads]', '[role:member]'),
      ).filter((each) => each.startsWith('!')),
    ).toEqual([
      '!easier flow-added: All members can newly ask for new.',
      '!easier flow-asks: new asks 1 of all members (lead).',
      '!easier until-revoked: Access by new may have no end: it lasts until somebody revokes it.',
    ]);
  });

  test('is loud where every step hangs on a condition', () => {
    expect(
      lines(
        flow.replace(
          '[team:acme/leads] }',
          '[team:acme/leads], if: "request.duration > duration(\'30m\')" }',
        ),
      ),
    ).toContain(
      "!easier flow-asks: new asks 1 of the team acme/leads (lead), if “request.duration > duration('30m')”.",
    );
  });

  test('names every target, every setting and every group, however many there are and however long', () => {
    const slug = (n: number): string => `${'x'.repeat(300)}-${n}-${'y'.repeat(30)}`;
    const found = lines(
      flow
        .replace(
          /targets: .*\n/,
          `targets: { ${many(40, (n) => `t${n}: { settings: { organization: acme, team_slug: ${slug(n)} } }`)} }\n`,
        )
        .replace('[team:acme/engineering]', `[${many(40, (n) => `team:acme/${'g'.repeat(80)}-${n}-end`)}]`)
        .replace(
          '[team:acme/leads]',
          `[${many(39, (n) => `team:acme/${'h'.repeat(80)}-${n}-end`)}, role:member]`,
        ),
    );
    for (const [kind, count] of [
      ['flow-added', 40],
      ['flow-grants', 40],
    ] as const) {
      const all = found.filter((each) => each.includes(` ${kind}: `)).join('\n');
      for (let n = 0; n < count; n += 1) expect(all).toMatch(new RegExp(`-${n}-(end|y)`));
    }
    const decides = found.filter((each) => / (flow-asks|approvers): /.test(each));
    expect(decides[0]).toMatch(/^!easier flow-asks: new asks 1 of all members, /);
    for (let n = 0; n < 39; n += 1) expect(decides.join('\n')).toContain(`-${n}-end`);
    expect(Math.max(...found.map((each) => each.length))).toBeLessThan(1000);
  });
});

describe('long lists in a change of a flow', () => {
  const groups = many(30, (n) => `team:acme/${'a'.repeat(80)}-${n}`);

  test('are told in as many sentences as it takes, everybody in one that is loud', () => {
    const found = linesOf([
      paths.prod,
      'requesters: [team:acme/engineering]',
      `requesters: [team:acme/engineering, ${groups}, role:member]`,
    ]);
    expect(found[0]).toBe('!easier requesters: All members can newly ask for prod.');
    expect(found.length).toBeGreaterThan(10);
    for (let n = 0; n < 30; n += 1) expect(found.join('\n')).toContain(`-${n}`);
    expect(Math.max(...found.map((each) => each.length))).toBeLessThan(1000);
  });

  test('leave no option of what is granted unsaid', () => {
    const options = Array.from({ length: 60 }, (_, n) => `"${500_000_000_000 + n}"`);
    const found = linesOf([
      paths.prod,
      'options: ["333333333333", "444444444444"]',
      `options: ["333333333333", "444444444444", ${options.join(', ')}]`,
    ]);
    for (const option of options) expect(found.join('\n')).toContain(option.replaceAll('"', ''));
    expect(found.every((each) => each.startsWith('!'))).toBe(true);
  });
});

describe('rules that approve every step together', () => {
  const two = `approval:
  steps:
    - { name: lead, approvers: [team:acme/leads] }
    - { name: data, approvers: [team:acme/data] }
`;
  const [head = ''] = files[paths.team].split('approval:');
  const before = readSample({ ...files, [paths.team]: head + two });
  const rule = (name: string, step: string): string => `{ name: ${name}, if: 'true', approve: [${step}] }`;
  const withRules = (...rules: readonly string[]) =>
    readSample({ ...files, [paths.team]: `${head}${two}rules: [${rules.join(', ')}]\n` });
  const both = withRules(rule('one', 'lead'), rule('other', 'data'));

  test('are loud where both are new, and where one was there', () => {
    const end = 'Together the rules can approve every step: nobody else is asked then.';
    const said = (name: string, step: string): string =>
      `!easier rule-added: A new rule of team, ${name}, approves ${step} in the place of people where “true”. ${end}`;
    expect(compareDesks({ before, after: both }).map(line)).toEqual([
      said('one', 'lead'),
      said('other', 'data'),
    ]);
    expect(compareDesks({ before: withRules(rule('one', 'lead')), after: both }).map(line)).toEqual([
      said('other', 'data'),
    ]);
  });

  test('are not where somebody is left', () => {
    const [found] = compareDesks({ before, after: withRules(rule('one', 'lead')) });
    expect(found?.loud).toBe(false);
  });

  test('one that is too long to be shown is loud, for nobody can judge it here', () => {
    const long = `{ name: one, if: "${'false || '.repeat(40)}true", approve: [lead] }`;
    const [found] = compareDesks({ before, after: withRules(long) });
    expect(found).toMatchObject({ kind: 'rule-added', loud: true });
  });
});
