// countersign init: begins a desk in an empty repository, and writes over nothing that is there.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { issueForms } from '../../../desk/forms/issue-forms.ts';
import { createGit } from '../../../ledger/git-process.ts';
import type { CliCommand, CliConsole } from '../command.ts';
import { asCalled } from '../as-called.ts';
import { endingOf, folderOption, oneFolder, WrongCall } from '../ending.ts';
import { readDesk } from '../known-desk.ts';
import { writeBelow } from '../write-below.ts';
import { schemaFiles } from '../schemas.ts';
import { firstDesk, type FirstAnswers } from './first-desk.ts';

export const init: CliCommand = {
  name: 'init',
  summary: 'begins a desk: settings, people, a first flow with scenarios, and what guards them',
  usage: `[FOLDER] --me LOGIN --id NUMBER --team TEAM [--organization NAME] [--package NAME]

Writes flows/, the issue forms and CODEOWNERS, and a workflow for CI where --package is given. What is there already is left alone. Nothing is asked of
any server. FOLDER, or --folder FOLDER, is where you are, unless given.

  --me LOGIN           your login on GitHub: you are the first person and the first admin
  --id NUMBER          your number there: gh api users/LOGIN --jq .id
  --team TEAM          the slug of a team whose people decide: gh api orgs/NAME/teams --jq '.[].slug'
  --organization NAME  whose team it is; the owner of the Git remote “origin”, unless given
  --package NAME       which Countersign a workflow of GitHub Actions runs on pull requests, as npx takes it: a package that
                       you publish, or the address of a Git repository; without it, no workflow is written

Ends with 0 where a desk is there afterwards, 2 when called wrongly.`,
  run,
};

function run(args: readonly string[], console: CliConsole): Promise<number> {
  return endingOf('init', console, async () => {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        ...folderOption,
        me: { type: 'string' },
        id: { type: 'string' },
        team: { type: 'string' },
        organization: { type: 'string' },
        package: { type: 'string' },
      },
      allowPositionals: true,
    });
    const folder = oneFolder(positionals, values);
    const answers = answersOf({
      ...values,
      organization: values.organization ?? (await ownerOfOrigin(folder)),
    });
    const desk = firstDesk(answers);
    const forms = issueForms(readDesk({ files: desk, commit: 'here' }));
    const texts = [...forms, ...schemaFiles()];
    const encoder = new TextEncoder();
    const files = [...desk, ...texts.map(([path, text]) => [path, encoder.encode(text)] as const)];
    for (const [path, content] of files)
      console.out(
        `${(await writeBelow(folder, path, content, 'new')) ? 'written    ' : 'left alone '} ${path}`,
      );
    for (const line of whatNext(folder, answers.package !== undefined)) console.out(line);
    return 0;
  });
}

interface Given {
  readonly me?: string | undefined;
  readonly id?: string | undefined;
  readonly team?: string | undefined;
  readonly organization?: string | undefined;
  readonly package?: string | undefined;
}

function answersOf({ me, id, team, organization, package: wanted }: Given): FirstAnswers {
  const slug = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/;
  return {
    me: {
      name: nameOf(demand('--me', me, slug, 'your login on GitHub')),
      login: me ?? '',
      id: Number(demand('--id', id, /^[1-9][0-9]{0,14}$/, 'your number: gh api users/LOGIN --jq .id')),
    },
    team: demand('--team', team, /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'the slug of a team'),
    organization: demand('--organization', organization, slug, 'the organisation that the team is of'),
    ...(wanted !== undefined && {
      package: demand('--package', wanted, /^[\w@:/.#^~+-]{1,200}$/, 'what npx runs'),
    }),
  };
}

/** What is given ends up in files, and is held against its form. */
function demand(option: string, value: string | undefined, form: RegExp, wanted: string): string {
  if (value === undefined) throw new WrongCall(`${option} is missing: ${wanted}.`);
  if (!form.test(value)) throw new WrongCall(`${option} cannot be “${value}”: it is ${wanted}.`);
  return value;
}

/** A key of `people.yml` begins with a letter. */
function nameOf(login: string): string {
  const name = login.toLowerCase();
  return /^[a-z]/.test(name) ? name : `p-${name}`;
}

async function ownerOfOrigin(folder: string): Promise<string | undefined> {
  const { code, stdout } = await createGit(folder)(['config', '--get', 'remote.origin.url']);
  const [, owner] = /[:/]([^/:]+)\/[^/]+?(?:\.git)?\s*$/.exec(stdout.toString()) ?? [];
  return code === 0 ? owner : undefined;
}

function whatNext(folder: string, hasWorkflow: boolean): readonly string[] {
  const where = folder === '.' ? '' : ` ${folder}`;
  return [
    '',
    `A desk is in ${resolve(folder)}. What comes next:`,
    `  ${asCalled(process.env)} validate${where}`,
    '  reads it, plays its scenarios, and says what is wrong.',
    '  Put your colleagues into flows/people.yml, and change flows/run-migration.yml to what you need.',
    '  Push it, and protect the branch: require a pull request, and reviews of code owners.',
    ...(hasWorkflow ? [] : ['  No workflow was written: --package says which Countersign CI is to run.']),
    '  docs/setting-up.md says how the app is run.',
  ];
}
