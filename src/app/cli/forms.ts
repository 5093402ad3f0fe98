// countersign forms: writes the issue form of each flow, or says which of them no longer fit.
import { parseArgs } from 'node:util';
import { staleForms, type FormChange } from '../../desk/forms/stale-forms.ts';
import type { CliCommand, CliConsole } from './command.ts';
import { filesInFolder } from './desk-files.ts';
import { endingOf, folderOption, oneFolder } from './ending.ts';
import { reviewFiles } from './known-desk.ts';
import { printDiagnostics } from './print-diagnostics.ts';
import { plain } from './terminal-text.ts';
import { removeBelow, writeBelow } from './write-below.ts';

export const forms: CliCommand = {
  name: 'forms',
  summary: 'writes the issue form of each flow',
  usage: `[FOLDER] [--check] [--force]

Makes .github/ISSUE_TEMPLATE/NAME.yml for each flow that may be started on GitHub, and removes forms of flows that are
gone. A form that somebody wrote themselves is left alone. FOLDER, or --folder FOLDER, is where flows/ is; where you are, unless given.

  --check    writes nothing, and says what would be written
  --force    replaces forms that somebody wrote themselves, too

Ends with 0 where the forms fit, 1 where --check found some that do not, 2 when called wrongly, 3 where the desk could not be
read.`,
  run,
};

interface Called {
  readonly folder: string;
  readonly check: boolean;
  readonly force: boolean;
}

function run(args: readonly string[], console: CliConsole): Promise<number> {
  return endingOf('forms', console, async () => {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        ...folderOption,
        check: { type: 'boolean', default: false },
        force: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    });
    return writeForms({ ...values, folder: oneFolder(positionals, values) }, console);
  });
}

async function writeForms({ folder, check, force }: Called, console: CliConsole): Promise<number> {
  const files = await filesInFolder(folder);
  const { desk } = reviewFiles(files);
  const stale = staleForms(desk, files);
  const changes = stale.filter((change) => change.is !== 'own' || force);
  if (!check) for (const change of changes) await apply(folder, change);
  for (const line of printDiagnostics(desk.diagnostics, files)) console.err(line);
  for (const change of stale) console.out(sentenceOf(change, { check, force }));
  if (stale.length === 0) console.out('Every form fits its flow.');
  return check && changes.length > 0 ? 1 : 0;
}

async function apply(folder: string, { path, text }: FormChange): Promise<void> {
  if (text === undefined) await removeBelow(folder, path);
  else await writeBelow(folder, path, text);
}

function sentenceOf(
  { path: stranger, is }: FormChange,
  { check, force }: { readonly check: boolean; readonly force: boolean },
): string {
  const path = plain(stranger);
  const will = check ? 'would be ' : '';
  switch (is) {
    case 'missing':
      return `${path} ${will}written`;
    case 'outdated':
      return `${path} ${will}brought up to date`;
    case 'left-over':
      return `${path} ${will}removed: its flow is gone`;
    case 'own':
      return force
        ? `${path} ${will}replaced`
        : `${path} left alone: somebody wrote it (--force replaces it)`;
    default:
      return is satisfies never;
  }
}
