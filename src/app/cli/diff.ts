// countersign diff: says what a change to a desk does to people, as the check on a pull request does.
import { parseArgs } from 'node:util';
import type { Change } from '../../desk/change/change.ts';
import { narrow, versionsOf } from '../../desk/change/narrow.ts';
import { standingGrants } from '../../desk/change/pair-flows.ts';
import type { ReplayReport } from '../../desk/change/replay.ts';
import { replayLines, replayTitle } from '../../desk/change/replay-words.ts';
import type { ChangeReview, DeskVersion } from '../../desk/change/review-change.ts';
import { sectionsOf } from '../../desk/change/sections.ts';
import type { Needed } from '../../desk/change/still-needed.ts';
import type { Desk } from '../../desk/desk.ts';
import type { DeskFiles } from '../../desk/desk-reader.ts';
import { isError } from '../../desk/diagnostic.ts';
import { nearest } from '../../desk/nearest.ts';
import type { PersonId, RequestId } from '../../domain/names.ts';
import type { Request } from '../../domain/request.ts';
import { Failure } from '../../engine/ports/failure.ts';
import { openGitCopy } from '../../ledger/git-copy.ts';
import { readRecentRequests } from '../../ledger/recent-requests.ts';
import type { CliCommand, CliConsole } from './command.ts';
import { filesAt, filesInFolder, mergeBase, usualBase } from './desk-files.ts';
import { endingOf, WrongCall } from './ending.ts';
import { seeCodeOf } from './code.ts';
import { readDesk, reviewProposal } from './known-desk.ts';
import { warnings } from './machine-formats.ts';
import { formatOf, formatUsage, printReview, type Format } from './print-review.ts';
import { plain, printJson } from './terminal-text.ts';
import { ownVersion } from './version.ts';

export const diff: CliCommand = {
  name: 'diff',
  summary: 'says what a change to flows does to people',
  usage: `[BASE | BASE..HEAD] [--author PERSON] [--folder FOLDER] [--format FORMAT]

Says of the flows that differ what the check on a pull request would say: who can newly ask or approve, what became easier
or harder, and what is wrong. BASE is a branch or commit; origin/HEAD, main or master, unless given. Without HEAD, the folder as it is now is
compared. Where the two went apart counts, and not what came to BASE since.

  --author PERSON  whoever proposes it, a key of flows/people.yml: what they gain themselves is said first
  --last N         how many of the last requests are decided again; 200, unless given
  --ledger REF     a branch or commit that holds the ledger; countersign/ledger here, or of a remote, unless given
  --folder FOLDER  where flows/ is; where you are, unless given
${formatUsage}

Ends with 0 where nothing is wrong, 1 where something is, 2 when called wrongly, 3 where the desk could not be read.`,
  run,
};

function run(args: readonly string[], console: CliConsole): Promise<number> {
  return endingOf('diff', console, async () => {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        author: { type: 'string' },
        folder: { type: 'string', default: '.' },
        last: { type: 'string', default: '200' },
        ledger: { type: 'string' },
        format: { type: 'string' },
      },
      allowPositionals: true,
    });
    const format = formatOf(values.format);
    const { folder, author } = values;
    const { base, head } = rangeOf(positionals);
    const left = await mergeBase(folder, base ?? (await usualBase(folder)), head ?? 'HEAD');
    const before = await filesAt(folder, left, { mayBeEmpty: true });
    const after: DeskVersion =
      head === undefined
        ? { files: await filesInFolder(folder), commit: 'here' }
        : await filesAt(folder, head);
    const { isWanted, unchanged } = narrow(versionsOf(before.files), versionsOf(after.files));
    const wantedOf = ({ files, commit }: DeskVersion): DeskVersion => ({
      commit,
      files: new Map([...files].filter(([path]) => isWanted(path))),
    });
    const inForce = readDesk(before);
    const person = author === undefined ? undefined : authorOf(author, [inForce, readDesk(after)]);
    const wanted = wantedOf(after);
    const code = await seeCodeOf(wanted.files, wanted.commit);
    const reviewed = reviewProposal({
      before: before.files.size === 0 ? undefined : wantedOf(before),
      after: wanted,
      unchanged,
      grants: standingGrants(inForce),
      requests: await recentOf(folder, values, console),
      ...(code && { code }),
      ...(person !== undefined && { author: person }),
    });
    for (const line of printChange(reviewed, { format, files: after.files })) console.out(line);
    return reviewed.review.diagnostics.some(isError) ? 1 : 0;
  });
}

/** Those of a ledger that this clone has. Without one, nothing is decided again, and that is said. */
async function recentOf(
  folder: string,
  { last, ledger }: { readonly last: string; readonly ledger?: string | undefined },
  console: CliConsole,
): Promise<readonly Request[]> {
  if (!/^[0-9]{1,5}$/.test(last)) throw new WrongCall(`--last wants a number, and not “${last}”.`);
  if (Number(last) === 0) return [];
  const copy = await openGitCopy(folder, ledger).catch((error: unknown) => {
    if (!(error instanceof Failure) || ledger !== undefined) throw error;
    return undefined;
  });
  if (copy === undefined) {
    console.err(
      'There is no ledger in this clone: no request is decided again. git fetch origin countersign/ledger gets it.',
    );
    return [];
  }
  try {
    const { requests, unreadable } = await readRecentRequests(copy, Number(last));
    if (unreadable > 0)
      console.err(
        `${unreadable} of the last requests could not be read. countersign audit verify says what is wrong.`,
      );
    return requests;
  } finally {
    copy.close();
  }
}

/** Whoever is mistyped would gain nothing, and that would be no answer. */
function authorOf(author: string, desks: readonly Desk[]): PersonId {
  const people = desks.flatMap((desk) => [...(desk.people?.persons.keys() ?? [])]);
  const found = people.find((person) => person === author);
  if (found) return found;
  const close = nearest(author, people);
  throw new WrongCall(
    `There is no “${author}” in flows/people.yml.${close === undefined ? '' : ` Did you mean “${close}”?`}`,
  );
}

function rangeOf([range, ...more]: readonly string[]): {
  readonly base?: string;
  readonly head?: string;
} {
  if (range === undefined) return {};
  const [base = '', head, ...rest] = range.split('..');
  if (more.length > 0 || rest.length > 0 || base === '' || head === '')
    throw new WrongCall('Say one range, as in: countersign diff main..my-branch');
  return head === undefined ? { base } : { base, head };
}

function printChange(
  { review, unchanged, changes, needed, replayed }: ChangeReview,
  { format, files }: { readonly format: Format; readonly files: DeskFiles },
): readonly string[] {
  const version = ownVersion();
  const [first = '', ...rest] = printReview(review, { format, files, version });
  if (format === 'json') return [printJson({ ...JSON.parse(first), unchanged, changes, needed, replayed })];
  if (format === 'sarif') return [first, ...rest];
  const loud = changes.filter((change) => change.loud);
  return [
    ...(format === 'github' ? warnings(loud) : []),
    ...sectionsOf(changes).flatMap((section) => [section.title, ...section.changes.map(printOne), '']),
    ...(changes.length === 0 ? ['Nothing changes for anybody.', ''] : []),
    ...(needed.length > 0 ? ['Still in use', ...needed.map(printNeeded), ''] : []),
    ...(replayed ? [...printReplay(replayed), ''] : []),
    first,
    ...rest,
    ...(unchanged > 0
      ? [`${unchanged} ${unchanged === 1 ? 'flow stays as it is' : 'flows stay as they are'}.`]
      : []),
  ];
}

function printNeeded({ loud, sentence, requests, example }: Needed): string {
  const more = requests.length > 1 ? `, and ${requests.length - 1} more` : '';
  return `  ${loud ? '!' : '-'} ${plain(sentence)} (${placeOf(example)}${more})`;
}

function printReplay(replayed: ReplayReport): readonly string[] {
  return [
    replayTitle(replayed),
    ...replayLines(replayed).flatMap(({ text, examples }) => [
      `  - ${text}`,
      ...examples.map(({ sentence, requests }) => `      ${plain(sentence)} (${requests.join(', ')})`),
    ]),
  ];
}

function placeOf({ issue, request }: { readonly issue?: number; readonly request: RequestId }): string {
  return issue === undefined ? request : `#${issue}`;
}

function printOne({ loud, sentence }: Change): string {
  return `  ${loud ? '!' : '-'} ${plain(sentence)}`;
}
