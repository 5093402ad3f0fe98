// countersign people link, add and role: what they write into a clone of the desk, and what they do not.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startPeopleDesk, type PeopleDesk } from '../../../../test/people-commands.ts';
import { systemClock } from '../../system.ts';
import { openOnGitHubWith, type OpenOnGitHub } from '../operator.ts';
import { peopleAddCommand } from './add.ts';
import { peopleLinkCommand } from './link.ts';
import { peopleRoleCommand } from './role.ts';

let desk: PeopleDesk;
let clone: string;
beforeAll(async () => {
  desk = await startPeopleDesk();
});
beforeEach(() => {
  clone = desk.clone();
});
afterAll(() => desk.stop());

const commands = { link: peopleLinkCommand, add: peopleAddCommand, role: peopleRoleCommand };
const run = (command: keyof typeof commands, ...args: readonly string[]) =>
  desk.run(commands[command], [...args, '--folder', clone]);

/** What Git sees, without its heads. */
function diff(): readonly string[] {
  const text = execFileSync('git', ['-C', clone, 'diff', '--unified=0'], { encoding: 'utf8' });
  return text.split('\n').filter((line) => /^[+-](?![+-])/.test(line));
}

function rewrite(path: string, change: (text: string) => string): void {
  const file = join(clone, 'flows', path);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

describe('what is asked of GitHub alone', () => {
  const few = ['APP_ID', 'PRIVATE_KEY', 'COUNTERSIGN_DESKS', 'GHE_HOST', 'GHE_PROTOCOL'];
  const openWithout = (left?: string): OpenOnGitHub => {
    const all = Object.entries(desk.sandbox.environment());
    const environment = Object.fromEntries(all.filter(([name]) => few.includes(name) && name !== left));
    return openOnGitHubWith({ environment, clock: systemClock, fetch: (...asked) => fetch(...asked) });
  };
  const notAsked = async () => {
    throw new Error('It wants all settings.');
  };

  test.each([
    ['link', ['ann', 'okta', '00u1a2b3c4']],
    ['add', ['eve', '--github', 'eve-s']],
    ['role', ['ann', 'admin']],
  ] as const)('needs the settings for GitHub, and no others: %s %j', async (command, args) => {
    const make = {
      link: () => peopleLinkCommand(notAsked, openWithout()),
      add: () => peopleAddCommand(notAsked, openWithout()),
      role: () => peopleRoleCommand(openWithout()),
    }[command];
    const { err, code } = await desk.run(make, [...args, '--folder', clone]);
    expect([code, err]).toEqual([0, '']);
  });

  test('says which of these is missing, and what to set', async () => {
    const make = () => peopleLinkCommand(notAsked, openWithout('COUNTERSIGN_DESKS'));
    expect(await desk.run(make, ['ann', 'okta', '00u1', '--folder', clone])).toMatchObject({
      code: 3,
      err: expect.stringContaining('COUNTERSIGN_DESKS is not set. Set it to'),
    });
  });
});

describe('people link', () => {
  test('writes one line, and says how it becomes a pull request', async () => {
    const { code, out, err } = await run('link', 'ann', 'okta', '00u1a2b3c4');
    expect([code, err]).toEqual([0, '']);
    expect(diff()).toEqual(['+    accounts: { okta: 00u1a2b3c4 }']);
    expect(out).toBe(
      [
        'flows/people.yml',
        '  +     accounts: { okta: 00u1a2b3c4 }',
        '',
        `Nothing counts before it is reviewed and merged. In ${clone}:`,
        '  git switch -c people/link-ann-okta',
        "  git commit -m 'Link ann to an account in okta' -- flows/people.yml",
        '  git push -u origin people/link-ann-okta',
        'Then open the pull request:',
        `  ${desk.sandbox.github.links.origin}/acme/access/compare/main...people/link-ann-okta?expand=1`,
        '',
      ].join('\n'),
    );
    expect(await run('link', 'ann', 'okta', '00u1a2b3c4')).toMatchObject({
      code: 0,
      out: 'ann has 00u1a2b3c4 already.\n',
    });
  });

  test('puts a number into quotes, so that it stays the text that it is', async () => {
    await run('link', 'ann', 'google', '105250506097979753968');
    expect(diff()).toEqual(["+    accounts: { google: '105250506097979753968' }"]);
  });

  test('takes the commands that it prints', async () => {
    const { out } = await run('link', 'ann', 'okta', '00u1a2b3c4');
    const [start, commit] = out.split('\n').filter((line) => /^ {2}git (switch|commit)/.test(line));
    const settings = 'git() { command git -c user.name=ann -c user.email=ann@acme.com "$@"; }';
    execFileSync('bash', ['-ec', `${settings}\n${start}\n${commit}`], { cwd: clone, stdio: 'pipe' });
    expect(diff()).toEqual([]);
    const shown = execFileSync('git', ['-C', clone, 'log', '-1', '--format=%s %D'], { encoding: 'utf8' });
    expect(shown).toContain('Link ann to an account in okta HEAD -> people/link-ann-okta');
  });

  test('puts another account in the place of one only where that is said', async () => {
    const refused = await run('link', 'ann', 'github', 'eve-s');
    expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/ann-o \(583231\).*--replace/) });
    expect(diff()).toEqual([]);
    expect((await run('link', 'ann', 'github', '@Eve-S', '--replace')).code).toBe(0);
    expect(diff()).toEqual([
      '-    github: { login: ann-o, id: 583231 }',
      '+    github: { login: eve-s, id: 583235 }',
    ]);
  });

  test('writes no account that is somebody else’s', async () => {
    const { code, err } = await run('link', 'ann', 'github', 'bob-l', '--replace');
    expect([code, err]).toEqual([
      1,
      expect.stringContaining('The GitHub id 583232 already belongs to “ann”'),
    ]);
    expect(err).toContain('Nothing was written.');
    expect(diff()).toEqual([]);
  });

  test.each([
    ['nobody on GitHub', 'github', 'ghost-zz', /GitHub knows no account “ghost-zz”/],
    ['a bot on GitHub', 'github', 'countersign[bot]', /is no person on GitHub: it says Bot/],
    ['nobody on Slack', 'slack', 'U07NOBODY0', /U07NOBODY0 is nobody in the workspace T07ACME00/],
    ['a guest on Slack, for a member', 'slack', 'U07GUEST1', /counts as none of your own people/],
    ['what is no id of Slack', 'slack', '@ann', /no member ID/],
  ])('writes not down %s', async (_what, service, id, why) => {
    const { code, err } = await run('link', 'ann', service, id, '--replace');
    expect([code, err]).toEqual([1, expect.stringMatching(why)]);
    expect(diff()).toEqual([]);
  });

  test('writes an account on Slack of another workspace with it, and says that it was not asked', async () => {
    const { code, err } = await run('link', 'gil', 'slack', 'T9CUST000/U09CLEO01', '--replace');
    expect([code, err]).toEqual([
      0,
      expect.stringContaining('Slack was not asked about T9CUST000/U09CLEO01'),
    ]);
    expect(diff()).toEqual([
      '-    slack: U07GUEST0',
      '+    slack: { workspace: T9CUST000, user: U09CLEO01 }',
    ]);
  });

  test.each([
    [['ann', 'otka', '00u1'], 'Did you mean “okta”?'],
    [['anm', 'okta', '00u1'], 'Did you mean “ann”?'],
    [['ann', 'okta@eu', '00u1'], 'declares no integration “eu”'],
    [['ann', 'Okta!', '00u1'], 'no name of a service'],
    [['ann', 'okta'], 'Say one person'],
  ])('is called wrongly as %j', async (args, why) => {
    expect(await run('link', ...args)).toMatchObject({ code: 2, err: expect.stringContaining(why) });
  });

  test('writes no id that people.yml may not hold, and breaks no line with it', async () => {
    const { code } = await run('link', 'ann', 'okta', '00u1 }\n  mallory: { name: M');
    expect(code).toBe(1);
    expect(diff()).toEqual([]);
  });

  test('changes nothing where that would touch more, and says what to write', async () => {
    rewrite('people.yml', (text) =>
      text.replace('slack: U07GUEST0', 'slack:\n      workspace: T07ACME00\n      user: U07GUEST0'),
    );
    const before = diff();
    const { code, err } = await run('link', 'gil', 'slack', 'U07GUEST1', '--replace');
    expect([code, err]).toEqual([
      3,
      expect.stringContaining('Write it yourself: people.gil.slack: "U07GUEST1"'),
    ]);
    expect(diff()).toEqual(before);
  });

  test('says where the clone is not what is in force, or not of this desk', async () => {
    execFileSync('git', ['-C', clone, 'remote', 'set-url', 'origin', 'git@github.com:acme/other.git']);
    const identity = ['-c', 'user.name=ann', '-c', 'user.email=ann@acme.com'];
    execFileSync('git', ['-C', clone, ...identity, 'commit', '--quiet', '--allow-empty', '-m', 'Aside']);
    const { code, err } = await run('link', 'ann', 'okta', '00u1a2b3c4');
    expect(code).toBe(0);
    expect(err).toMatch(/origin of .* is not acme\/access: is this the right clone\?/);
    expect(err).toMatch(
      /is at [0-9a-f]{7}, and main of acme\/access at [0-9a-f]{7}: .*whatever else differs/,
    );
  });

  test('wants a clone with a sound desk', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'countersign-empty-'));
    const args = ['ann', 'okta', '00u1', '--in', empty];
    expect(await desk.run(peopleLinkCommand, args)).toMatchObject({
      code: 3,
      err: expect.stringContaining('flows/'),
    });
    rmSync(empty, { recursive: true });
    rewrite('people.yml', (text) => text.replace('name: Bob Lindqvist', 'nam: Bob'));
    expect(await run('link', 'ann', 'okta', '00u1')).toMatchObject({
      code: 3,
      err: expect.stringContaining('broken'),
    });
  });
});

describe('people add', () => {
  test('writes somebody with their ids, among those of their kind', async () => {
    const { code, out, err } = await run(
      'add',
      'eve',
      '--github',
      'eve-s',
      '--email',
      'eve@acme.com',
      '--slack',
      'U07EVE000',
      '--manager',
      'bob',
    );
    expect([code, err]).toEqual([0, '']);
    expect(diff()).toEqual([
      '+  eve:',
      '+    name: Eve Sato',
      '+    email: eve@acme.com',
      '+    github: { login: eve-s, id: 583235 }',
      '+    slack: U07EVE000',
      '+    manager: bob',
      '+',
    ]);
    expect(out).toContain('/compare/main...people/add-eve?expand=1');
    const text = readFileSync(join(clone, 'flows/people.yml'), 'utf8');
    expect(text).toMatch(/manager: bob\n\n {2}eve:\n[^#]*\n\n {2}# Guests/);
  });

  test('writes a guest among guests', async () => {
    expect(
      (await run('add', 'nora', '--guest', '--slack', 'U07GUEST1', '--called', 'Nora: of Customer')).code,
    ).toBe(0);
    expect(diff()).toEqual([
      ...['+', '+  nora:', "+    name: 'Nora: of Customer'"],
      ...['+    role: guest', '+    slack: U07GUEST1'],
    ]);
  });

  test.each([
    [['ann', '--github', 'eve-s'], 2, 'There is a “ann”'],
    [['eve'], 2, '--github LOGIN'],
    [['1eve', '--github', 'eve-s'], 2, 'no name of a person'],
    [['eve', '--github', 'ghost-zz'], 1, 'GitHub knows no account'],
    [['eve', '--github', 'eve-s', '--email', 'bob@acme.com'], 1, 'already belongs to “bob”'],
    [['eve', '--github', 'eve-s', '--manager', 'bop'], 1, 'bop'],
  ])('writes nothing for %j', async (args, code, why) => {
    expect(await run('add', ...args)).toMatchObject({ code, err: expect.stringContaining(why) });
    expect(diff()).toEqual([]);
  });
});

describe('people role', () => {
  test('lists an admin in countersign.yml, and takes them off again', async () => {
    const made = await run('role', 'ann', 'admin');
    expect(made.code).toBe(0);
    expect(diff()).toEqual(['-admins: [team:acme/platform]', '+admins: [team:acme/platform, person:ann]']);
    expect(made.out).toContain("git commit -m 'Make ann an admin' -- flows/countersign.yml");
    expect(await run('role', 'ann', 'admin')).toMatchObject({
      code: 0,
      out: expect.stringContaining('already'),
    });
    const unmade = await run('role', 'ann', 'member');
    expect(unmade.code).toBe(0);
    expect(unmade.err).toContain('Whoever is in team:acme/platform is an admin by that');
    expect(diff()).toEqual([]);
  });

  test('makes a guest of a member, and the other way round, and no guest an admin', async () => {
    expect((await run('role', 'ann', 'guest')).code).toBe(0);
    expect(diff()).toEqual(['+    role: guest']);
    const refused = await run('role', 'ann', 'admin');
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('guests are no admins') });
    expect((await run('role', 'ann', 'member')).code).toBe(0);
    expect(diff()).toEqual([]);
  });

  test('leaves the last admin where they are', async () => {
    rewrite('countersign.yml', (text) => text.replace('[team:acme/platform]', '[person:ann]'));
    const before = diff();
    const { code, err } = await run('role', 'ann', 'member');
    expect([code, err]).toEqual([1, expect.stringContaining('ann is the only admin')]);
    expect(diff()).toEqual(before);
  });

  test('is called wrongly with another role', async () => {
    expect(await run('role', 'ann', 'owner')).toMatchObject({
      code: 2,
      err: expect.stringContaining('no role “owner”'),
    });
  });
});
