// What people and machines read of the commands that look at a desk: each on a desk in a folder of its own.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aRequestIn } from '../../../test/builders/request.ts';
import { aWrittenLedger } from '../../../test/builders/written-ledger.ts';
import type { CliCommand } from './command.ts';
import { diff } from './diff.ts';
import { explain } from './explain.ts';
import { forms } from './forms.ts';
import { init } from './init/init.ts';
import { reviewFiles } from './known-desk.ts';
import { schemas } from './schemas.ts';
import { test as testCommand } from './test.ts';
import { validate, validateCommand } from './validate.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Called {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function called(command: CliCommand, ...args: readonly string[]): Promise<Called> {
  const said = { out: '', err: '' };
  const code = await command.run(args, {
    out: (line) => (said.out += `${line}\n`),
    err: (line) => (said.err += `${line}\n`),
  });
  return { code, ...said };
}

const me = ['--me', 'ann-o', '--id', '583231', '--team', 'data', '--organization', 'acme'];

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function edit(path: string, from: string, to: string): void {
  const text = readFileSync(join(folder, path), 'utf8');
  expect(text).toContain(from);
  write(path, text.replace(from, to));
}

const flow = 'flows/run-migration.yml';

describe('init', () => {
  test('begins a desk in which nothing is wrong, and whose scenarios reach everything', async () => {
    expect(await called(init, folder, ...me)).toMatchObject({ code: 0, err: '' });
    expect(await called(validate, folder, '--strict')).toMatchObject({
      code: 0,
      out: '1 flow, nothing wrong. 5 scenarios passed.\n',
    });
    expect((await called(testCommand, '--folder', folder, '--coverage')).code).toBe(0);
    expect((await called(forms, folder, '--check')).code).toBe(0);
  });

  test('gives editors a schema for each file, which another command writes again', async () => {
    await called(init, folder, ...me);
    const files = readdirSync(join(folder, 'flows')).filter((name) => name.endsWith('.yml'));
    expect(files).toHaveLength(4);
    for (const file of files) {
      const [, schema = ''] =
        /^# yaml-language-server: \$schema=(\S+)\n/.exec(readFileSync(join(folder, 'flows', file), 'utf8')) ??
        [];
      const path = join(folder, 'flows', schema);
      const text = readFileSync(path, 'utf8');
      expect(JSON.parse(text)).toHaveProperty('$schema');
      writeFileSync(path, 'old');
      expect((await called(schemas, folder)).code).toBe(0);
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });

  test('writes over nothing', async () => {
    write('flows/people.yml', 'mine');
    const { out } = await called(init, folder, ...me);
    expect(out).toContain('left alone  flows/people.yml');
    expect(readFileSync(join(folder, 'flows/people.yml'), 'utf8')).toBe('mine');
  });

  test.each([
    ['a login that breaks out of YAML', ['--me', 'x: y']],
    ['a number that is none', ['--id', '12ab']],
    ['a team that is none', ['--team', '../x']],
    ['a package that is a command', ['--package', 'x; rm -rf /']],
  ])('takes no %s, and writes nothing', async (_what, wrong) => {
    const { code, err } = await called(init, folder, ...me, ...wrong);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(wrong[1] ?? '') });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('writes a workflow only where it is said which Countersign it is to run', async () => {
    const workflow = join(folder, '.github/workflows/countersign.yml');
    expect((await called(init, folder, ...me)).out).toContain('No workflow was written');
    expect(existsSync(workflow)).toBe(false);
    await called(init, folder, ...me, '--package', 'github:acme/countersign#v1');
    expect(readFileSync(workflow, 'utf8')).toContain(
      'npx --yes --package=github:acme/countersign#v1 countersign validate',
    );
  });

  test('says what is missing', async () => {
    expect(await called(init, folder, '--me', 'ann-o')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--id is missing'),
    });
  });
});

describe('validate', () => {
  beforeEach(async () => {
    await called(init, folder, ...me);
  });

  test('shows the line, and a mark under the place', async () => {
    edit(flow, 'approvers: [team', 'approvrs: [team');
    const { code, out } = await called(validate, folder);
    expect(code).toBe(1);
    expect(out).toMatchInlineSnapshot(`
      "flows/run-migration.yml:19:7 error unknown-key
        There is no “approvrs” here. Did you mean “approvers”?
         19 │       approvrs: [team:acme/data]
            │       ^

      flows/run-migration.test.yml:1:1 warning scenarios-not-run
        These scenarios were not run: the flow “run-migration” has mistakes of its own.
          1 │ # yaml-language-server: $schema=.schemas/scenarios.schema.json
            │ ^

      1 flow, 1 of them broken: 1 error and 1 warning. No scenario was played.
      "
    `);
  });

  test('prints what GitHub Actions shows at the line, and begins no other command', async () => {
    edit(flow, 'if: fields.downtime', 'if: "fields.downtme::%0A\\n::add-mask::x"');
    const { code, out } = await called(validate, folder, '--format', 'github');
    expect(code).toBe(1);
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^::error file=flows\/run-migration\.yml,line=\d+,col=\d+,title=[a-z-]+::[^:]+/);
    expect(lines.at(-1)).toBe('1 flow, 1 of them broken: 1 error and 1 warning. No scenario was played.');
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/^::(error|warning) file=flows/);
  });

  test('prints SARIF for code scanning', async () => {
    edit(flow, 'requesters:', 'requestrs:');
    const { out } = await called(validate, folder, '--format', 'sarif');
    expect(JSON.parse(out)).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'Countersign',
              rules: expect.arrayContaining([expect.objectContaining({ id: 'unknown-key' })]),
            },
          },
          results: expect.arrayContaining([
            {
              ruleId: 'unknown-key',
              level: 'error',
              message: { text: expect.stringContaining('Did you mean “requesters”?') },
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: flow },
                    region: { startLine: 6, startColumn: 1 },
                  },
                },
              ],
            },
          ]),
        },
      ],
    });
  });

  test('prints one object for programs', async () => {
    const { code, out } = await called(validate, folder, '--format', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      holds: true,
      counts: { sound: 1, broken: 0, errors: 0, warnings: 0, notes: 0, passed: 5, failed: 0 },
      diagnostics: [],
      coverage: [{ flow: 'run-migration', unheldRules: [] }],
    });
  });

  test('lets warnings pass, unless it is strict', async () => {
    rmSync(join(folder, '.github/ISSUE_TEMPLATE'), { recursive: true });
    const { code, out } = await called(validate, folder);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('1 warning') });
    expect((await called(validate, folder, '--strict')).code).toBe(1);
  });

  test('lets notes pass though it is strict: scenarios that need code are run elsewhere', async () => {
    rmSync(folder, { recursive: true });
    cpSync('docs/examples/change-freeze', folder, { recursive: true });
    await called(forms, folder);
    // Whether the code compiles is not what this is about, and takes its time.
    const uncompiled = validateCommand(async (files) => reviewFiles(files));
    const { code, out } = await called(uncompiled, folder, '--strict', '--format', 'github');
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(
        /^::notice file=flows\/deploy\.test\.yml,.*title=scenarios-need-code::.*\n1 flow: 1 note\. No scenarios\.\n$/,
      ),
    });
  });

  test('fails where a form no longer asks what its flow asks', async () => {
    edit(flow, 'What will it change?', 'What does it change?');
    expect(await called(validate, folder)).toMatchObject({
      code: 1,
      out: expect.stringContaining('.github/ISSUE_TEMPLATE/run-migration.yml:1:1 error form-outdated'),
    });
    expect(await called(forms, folder)).toMatchObject({
      code: 0,
      out: '.github/ISSUE_TEMPLATE/run-migration.yml brought up to date\n',
    });
    expect((await called(validate, folder)).code).toBe(0);
  });

  test('obeys nothing that a file says to a terminal', async () => {
    write('flows/bad.yml', 'requesters: [role:member]\nlabel: "x\\e[2J"\n\u001b[2Jx: 1\n');
    const { out } = await called(validate, folder);
    expect(out).toContain('flows/bad.yml');
    expect(out).not.toContain('\u001b');
  });

  test.each([
    [
      'a format that there is not',
      ['--format', 'xml'],
      2,
      'There is no format “xml”. There are text, json, github and sarif.',
    ],
    ['an option that there is not', ['--stict'], 2, '--stict'],
    ['two folders', ['elsewhere'], 2, 'One folder at a time'],
    ['a commit that there is not', ['--at', 'main'], 3, 'Git knows no commit “main”'],
  ])('says so of %s', async (_what, args, code, sentence) => {
    expect(await called(validate, folder, ...args)).toMatchObject({
      code,
      err: expect.stringContaining(sentence),
    });
  });

  test.each([
    ['validate', validate],
    ['test', testCommand],
    ['forms', forms],
  ])('says of a file in the place of a folder what to name: %s', async (_name, command) => {
    const file = join(folder, 'flows/run-migration.yml');
    expect(await called(command, file)).toMatchObject({
      code: 3,
      err: `${file} is a file, and no folder. Name the folder that flows/ is in, or a flow by its name alone.\n`,
    });
  });

  test('says where there is no desk, and how one begins', async () => {
    rmSync(join(folder, 'flows'), { recursive: true });
    expect(await called(validate, folder)).toMatchObject({
      code: 3,
      err: `There is no folder flows/ in ${folder}. Go to where your desk is, or begin one with countersign init.\n`,
    });
  });
});

describe('test', () => {
  beforeEach(async () => {
    await called(init, folder, ...me);
  });

  test('takes a dot for the folder, as shells do', async () => {
    const here = process.cwd();
    process.chdir(folder);
    try {
      expect(await called(testCommand, '.')).toMatchObject({
        code: 0,
        out: expect.stringContaining('5 scenarios passed.'),
      });
    } finally {
      process.chdir(here);
    }
  });

  test('says in good English which flow there is, where it is the only one', async () => {
    expect(await called(testCommand, 'nope', '--folder', folder)).toMatchObject({
      code: 2,
      err: expect.stringContaining('There is no flow “nope”. There is run-migration.'),
    });
  });

  test('shows of what failed what was expected, what came, and why', async () => {
    edit('flows/run-migration.test.yml', 'refused: self-approval', 'refused: not-an-approver');
    const { code, out } = await called(testCommand, 'run-migration', '--folder', folder);
    expect(code).toBe(1);
    expect(out).toMatchInlineSnapshot(`
      "✓ run-migration: somebody else looks at it
      ✗ run-migration: nobody approves what they asked for
          flows/run-migration.test.yml:13  It should be refused: not-an-approver, and is refused: self-approval (This is your own request, and nobody decides on their own request).
            │ 2026-03-10 09:00 UTC, ann-o says approve:
            │ – self-approval: This is your own request, and nobody decides on their own request. Somebody else has to decide. To withdraw it, say /cancel.
            │ The request is pending. Why, as ann-o reads it:
            │ – The rule no-downtime-on-fridays does not hold: fields.downtime && request.time.getDayOfWeek('Europe/Berlin') == 5
            │ … review waits for 1 approval from the team acme/data.
            │   ✓ You belong to the team acme/data.
            │ – If you said /approve now: This is your own request, and nobody decides on their own request. Somebody else has to decide. To withdraw it, say /cancel.
      ✓ run-migration: users may notice on a Tuesday
      ✓ run-migration: users do not notice on a Friday
      ✓ run-migration: nobody looks at it

      1 of 5 scenarios failed.
      "
    `);
  });

  test('says the same to machines', async () => {
    edit('flows/run-migration.test.yml', 'refused: self-approval', 'refused: not-an-approver');
    const asked = ['run-migration', '--folder', folder, '--format'];
    const json = await called(testCommand, ...asked, 'json');
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({
      scenarios: expect.arrayContaining([
        expect.objectContaining({ name: 'nobody approves what they asked for', line: 11, passed: false }),
      ]),
    });
    expect((await called(testCommand, ...asked, 'github')).out).toMatch(
      /^::error file=flows\/run-migration\.test\.yml,line=\d+,col=\d+,title=scenario-failed::/,
    );
    const sarif = await called(testCommand, ...asked, 'sarif');
    expect(JSON.parse(sarif.out)).toMatchObject({ runs: [{ results: [{ ruleId: 'scenario-failed' }] }] });
  });

  test('fails on what no scenario reached where that is asked for', async () => {
    edit('flows/run-migration.test.yml', 'no-downtime-on-fridays }', 'no-downtime-on-fridays }\n    # x');
    edit(flow, 'rules:', "rules:\n  - { name: never-seen, if: fields.what == 'x', deny: true }");
    expect((await called(testCommand, '--folder', folder)).code).toBe(0);
    const { code, out } = await called(testCommand, '--folder', folder, '--coverage');
    expect({ code, out }).toEqual({
      code: 1,
      out: expect.stringContaining('run-migration: no scenario where the rule never-seen holds.'),
    });
  });

  describe('a folder of several desks', () => {
    beforeEach(async () => {
      for (const name of ['one', 'other']) await called(init, join(folder, 'desks', name), ...me);
    });
    const desks = (): string => join(folder, 'desks');

    test('plays each, under its name, and counts them together', async () => {
      const { code, out } = await called(testCommand, desks());
      expect(code).toBe(0);
      expect(out).toContain(`${join(desks(), 'other')}\n✓ run-migration: somebody else looks at it\n`);
      expect(out.trimEnd().split('\n').at(-1)).toBe('2 desks: 10 scenarios passed.');
    });

    test('fails where one of them does, and says in which file', async () => {
      edit('desks/other/flows/run-migration.test.yml', 'refused: self-approval', 'refused: not-an-approver');
      const { code, out } = await called(testCommand, desks());
      expect(code).toBe(1);
      expect(out).toContain('2 desks: 1 of 10 scenarios failed.');
      const github = await called(testCommand, desks(), '--format', 'github');
      expect(github.out).toContain('/desks/other/flows/run-migration.test.yml,line=');
      const json: unknown = JSON.parse((await called(testCommand, desks(), '--format', 'json')).out);
      expect(json).toMatchObject({
        desks: [{ folder: join(desks(), 'one') }, { folder: join(desks(), 'other') }],
      });
    });

    test('fails where nothing could be played in one of them', async () => {
      edit('desks/one/flows/run-migration.test.yml', 'scenarios:', 'scenarois:');
      const { code, out } = await called(testCommand, desks());
      expect(code).toBe(1);
      expect(out).toContain(`None could be played in ${join(desks(), 'one')}.`);
    });

    test('plays no flow by its name', async () => {
      expect(await called(testCommand, 'run-migration', desks())).toMatchObject({ code: 2 });
    });
  });

  test('knows which flow was meant', async () => {
    expect(await called(testCommand, 'run-migratoin', '--folder', folder)).toMatchObject({
      code: 2,
      err: expect.stringContaining('Did you mean “run-migration”?'),
    });
  });
});

describe('where the desk is', () => {
  beforeEach(async () => {
    await called(init, '--folder', folder, ...me);
  });

  test.each([validate, forms, schemas])('$name is told by --folder as well as by itself', async (command) => {
    const byItself = await called(command, folder);
    expect(byItself.code).toBe(0);
    expect(await called(command, '--folder', folder)).toEqual(byItself);
  });

  test('is said once', async () => {
    expect(await called(validate, folder, '--folder', folder)).toMatchObject({
      code: 2,
      err: expect.stringContaining('One folder at a time'),
    });
  });
});

describe('explain', () => {
  beforeEach(async () => {
    await called(init, folder, ...me);
  });
  const asking = [
    'run-migration',
    '--as',
    'ann-o',
    '--at',
    '2026-03-13T09:00:00Z',
    '--field',
    'what=A column',
  ];

  test('says what would come of it, and why', async () => {
    const { code, out } = await called(explain, ...asking, '--folder', folder, '--field', 'downtime=no');
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "Waiting for approval: Run a migration, asked by ann-o
        – The rule no-downtime-on-fridays does not hold: fields.downtime && request.time.getDayOfWeek('Europe/Berlin') == 5
        … review waits for 1 approval from the team acme/data.
          ? Whether you belong to the team acme/data cannot be found out: nothing is looked up here.
        – If you said /approve now: This is your own request, and nobody decides on their own request. Somebody else has to decide. To withdraw it, say /cancel.
        Once this is approved, the approval holds for 4h.
        Without a decision it lapses on 2026-03-14 09:00 UTC.
      "
    `);
  });

  test('ends with 1 where a rule denies it', async () => {
    const { code, out } = await called(explain, ...asking, '--folder', folder, '--field', 'downtime=yes');
    expect(code).toBe(1);
    expect(out).toContain('Nobody wants to be woken on a weekend');
  });

  test('says what the form lacks', async () => {
    expect(await called(explain, 'run-migration', '--as', 'ann-o', '--folder', folder)).toMatchObject({
      code: 1,
      out: expect.stringContaining('“What will it change?” (what) is missing.'),
    });
  });

  test('says that code which has a say is not run', async () => {
    write(
      flow,
      `${readFileSync(join(folder, flow), 'utf8')}\ncode: { hooks: [on_request, after_request] }\n`,
    );
    const hooks = ['on_request', 'after_request'].map((hook) => `export function ${hook}() {}\n`);
    write('flows/run-migration.ts', hooks.join(''));
    const { out } = await called(explain, ...asking, '--folder', folder, '--field', 'downtime=no');
    expect(out).toContain(
      '? The flow’s code is not run here, and may say otherwise: on_request in flows/run-migration.ts. countersign test',
    );
    expect(out).not.toContain('after_request');
  });

  test('knows which group was meant', async () => {
    edit(flow, 'requesters: [role:member]', 'requesters: [team:acme/engineering]');
    const refused = await called(explain, ...asking, '--folder', folder);
    expect(refused).toMatchObject({ code: 1, out: expect.stringContaining('--in GROUP') });
    const typo = await called(explain, ...asking, '--folder', folder, '--in', 'team:acme/enginering');
    expect(typo).toMatchObject({
      code: 2,
      err: expect.stringContaining('Did you mean “team:acme/engineering”?'),
    });
    const known = await called(explain, ...asking, '--folder', folder, '--in', 'team:acme/engineering');
    expect(known.code).toBe(0);
  });
});

describe('diff', () => {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=Ann', '-c', 'user.email=ann@acme.com', ...args], {
      encoding: 'utf8',
    });
  beforeEach(async () => {
    git('init', '-q', '-b', 'main');
    await called(init, folder, ...me);
    git('add', '-A');
    git('commit', '-q', '-m', 'Begin');
  });

  test('says what a change does to people, the author’s own gain first', async () => {
    edit(flow, 'requesters: [role:member]', 'requesters: [role:member]\nallow_revoke: [requester]');
    edit(flow, 'approvers: [team:acme/data]', 'approvers: [team:acme/data, person:ann-o]');
    const { code, out } = await called(diff, 'main', '--folder', folder, '--author', 'ann-o');
    expect(code).toBe(0);
    expect(out.split('\n').slice(0, 2)).toEqual([
      'Look at this first',
      expect.stringMatching(
        /^ {2}! The author of this pull request widens their own access: .*ann-o can newly approve/,
      ),
    ]);
    expect(out).toContain('Made easier');
  });

  test('of two commits leaves out what came to the first since they went apart', async () => {
    git('checkout', '-q', '-b', 'change');
    edit(flow, 'valid_for: 4h', 'valid_for: 8h');
    git('commit', '-q', '-a', '-m', 'Longer');
    git('checkout', '-q', 'main');
    edit(flow, 'label: Run a migration', 'label: Run one');
    git('commit', '-q', '-a', '-m', 'Shorter');
    const { out } = await called(diff, 'main..change', '--folder', folder, '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({
      unchanged: 0,
      changes: [{ kind: 'validity', effect: 'easier' }],
    });
  });

  test('decides again what the ledger of the clone has', async () => {
    const other = 'flows/aws-power-user.yml';
    write(other, readFileSync(join(folder, flow), 'utf8'));
    git('add', '-A');
    git('commit', '-q', '-m', 'Another');
    edit(other, 'valid_for: 4h', 'valid_for: 8h');
    const without = await called(diff, 'main', '--folder', folder);
    expect(without.err).toContain('There is no ledger in this clone');
    expect((await called(diff, 'main', '--folder', folder, '--last', '0')).err).toBe('');
    const ledger = await aWrittenLedger();
    try {
      await ledger.commit([{ told: aRequestIn('denied'), upTo: 2 }]);
      git('fetch', '-q', ledger.folder, 'countersign/ledger:countersign/ledger');
      const { out, err } = await called(diff, 'main', '--folder', folder);
      expect({ out, err }).toEqual({
        err: '',
        out: expect.stringContaining('The last request, decided again'),
      });
    } finally {
      await ledger.close();
    }
  });

  test('says so where nothing changes, and where there was no desk', async () => {
    expect(await called(diff, 'HEAD', '--folder', folder)).toMatchObject({
      code: 0,
      out: expect.stringContaining('Nothing changes for anybody.'),
    });
    git('checkout', '-q', '--orphan', 'empty');
    git('rm', '-rfq', '--cached', '.');
    git('commit', '-q', '--allow-empty', '-m', 'Nothing');
    git('checkout', '-q', '-b', 'first');
    const { out } = await called(diff, 'empty', '--folder', folder);
    expect(out).toContain('can newly ask for run-migration');
  });

  test.each([
    [['nowhere'], 3, 'Git knows no commit “nowhere”'],
    [['main..'], 2, 'Say one range'],
    [['main', '--author', 'an-o'], 2, 'Did you mean “ann-o”?'],
    [['main', '--last', 'all'], 2, '--last wants a number'],
    [['main', '--ledger', 'none'], 3, 'none'],
    [['--output=x'], 2, "Unknown option '--output'"],
  ])('says so of %j', async (args, code, sentence) => {
    expect(await called(diff, ...args, '--folder', folder)).toMatchObject({
      code,
      err: expect.stringContaining(sentence),
    });
  });
});
