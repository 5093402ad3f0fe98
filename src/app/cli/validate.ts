// countersign validate: says of the files of a desk what the check on a pull request would say of them.
import { parseArgs } from 'node:util';
import { isError, isProblem } from '../../desk/diagnostic.ts';
import type { CliCommand, CliConsole } from './command.ts';
import { filesAt, filesInFolder } from './desk-files.ts';
import { endingOf, folderOption, oneFolder } from './ending.ts';
import { reviewWithCode } from './known-desk.ts';
import { formatOf, formatUsage, printReview } from './print-review.ts';
import { ownVersion } from './version.ts';

/** `review` is what reads the files: with their code, which takes a while. */
export function validateCommand(review: typeof reviewWithCode): CliCommand {
  return {
    name: 'validate',
    summary: 'reads the files of a desk, runs their scenarios, and says what is wrong',
    usage: `[FOLDER] [--at COMMIT] [--strict] [--format FORMAT]

Says of flows/ and of the issue forms what the check on a pull request would say of them. Needs no server and no network:
teams and other groups are not looked up. FOLDER, or --folder FOLDER, is where flows/ is; where you are, unless given.

  --at COMMIT      as they are in a commit or branch, and not in the folder
  --strict         warnings count as errors; notes do not
${formatUsage}

Ends with 0 where nothing is wrong, 1 where something is, 2 when called wrongly, 3 where the desk could not be read.`,
    run: (args, console) => run(args, console, review),
  };
}

export const validate = validateCommand(reviewWithCode);

function run(args: readonly string[], console: CliConsole, reviewOf: typeof reviewWithCode): Promise<number> {
  return endingOf('validate', console, async () => {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        ...folderOption,
        at: { type: 'string' },
        strict: { type: 'boolean', default: false },
        format: { type: 'string' },
      },
      allowPositionals: true,
    });
    const format = formatOf(values.format);
    const folder = oneFolder(positionals, values);
    const files =
      values.at === undefined ? await filesInFolder(folder) : (await filesAt(folder, values.at)).files;
    const review = await reviewOf(files, values.at);
    for (const line of printReview(review, { format, files, version: ownVersion() })) console.out(line);
    const fails = values.strict ? isProblem : isError;
    return review.diagnostics.some(fails) ? 1 : 0;
  });
}
