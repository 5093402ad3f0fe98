// Writes a change of who is who into somebody's checkout, once it is known to be sound, and says how it becomes a pull request.
import type { Desk, DeskSettings, People } from '../../../desk/desk.ts';
import type { DeskFiles } from '../../../desk/desk-reader.ts';
import { isError, sentenceOf, type Diagnostic } from '../../../desk/diagnostic.ts';
import { editYaml, type YamlChange } from '../../../desk/yaml/edit-yaml.ts';
import { Failure } from '../../../engine/ports/failure.ts';
import { createGit } from '../../../ledger/git-process.ts';
import { repositoryOf, type DeskOnGitHub } from '../../operator-desk.ts';
import type { CliConsole } from '../command.ts';
import { filesInFolder } from '../desk-files.ts';
import { folderOption } from '../ending.ts';
import { readDesk } from '../known-desk.ts';
import { printDiagnostics } from '../print-diagnostics.ts';
import { plain } from '../terminal-text.ts';
import { writeBelow } from '../write-below.ts';

/** A folder of somebody's with the desk in it. */
export interface Checkout {
  readonly folder: string;
  readonly files: DeskFiles;
  readonly read: Desk & { readonly settings: DeskSettings; readonly people: People };
}

export interface Proposal {
  /** The subject of the commit. Without quotes. */
  readonly title: string;
  readonly branch: string;
  readonly changes: readonly FileChange[];
}

export interface FileChange {
  readonly file: 'flows/people.yml' | 'flows/countersign.yml';
  readonly change: YamlChange;
}

/** Where the clone is. `--in` is the older word for it. */
export const cloneOptions = { ...folderOption, in: { type: 'string' } } as const;

/** Throws `Failure` where there is no desk, or the two files that are to be changed are broken already. */
export async function openCheckout(folder: string): Promise<Checkout> {
  const files = await filesInFolder(folder);
  const read = readDesk({ files, commit: 'here' });
  const { settings, people } = read;
  if (settings && people) return { folder, files, read: { ...read, settings, people } };
  const broken = settings ? 'people.yml' : 'countersign.yml';
  throw new Failure(
    `flows/${broken} in ${folder} is missing or broken: countersign validate ${folder} says where.`,
    { transient: false },
  );
}

/** The exit code: 1 where the desk would not be sound any more, and nothing was written. */
export async function propose(
  proposal: Proposal,
  {
    checkout,
    desk,
    console,
  }: { readonly checkout: Checkout; readonly desk: DeskOnGitHub; readonly console: CliConsole },
): Promise<number> {
  const { folder, files, read } = checkout;
  const place = await placeOf(folder, desk);
  const edited = editedFiles(files, proposal.changes);
  const all = new Map([...files, ...edited]);
  const problems = newErrors(read.diagnostics, readDesk({ files: all, commit: 'here' }).diagnostics);
  if (problems.length > 0) {
    for (const line of printDiagnostics(problems, all)) console.err(line);
    console.err('Nothing was written.');
    return 1;
  }
  for (const [path, content] of edited) {
    await writeBelow(folder, path, content);
    console.out(path);
    for (const line of changedLines(files.get(path), content)) console.out(`  ${plain(line)}`);
  }
  for (const note of place.notes) console.err(plain(note));
  for (const line of nextSteps(proposal, { folder, paths: [...edited.keys()], compare: place.compare }))
    console.out(plain(line));
  return 0;
}

function editedFiles(files: DeskFiles, changes: Proposal['changes']): Map<string, Uint8Array> {
  const edited = new Map<string, Uint8Array>();
  for (const { file, change } of changes) {
    const text = new TextDecoder().decode(edited.get(file) ?? files.get(file));
    const next = editYaml(text, change);
    if (next === undefined)
      throw new Failure(
        `${file} is written in a way that cannot be changed without touching more. Write it yourself: ${inWords(change)}`,
        { transient: false },
      );
    edited.set(file, new TextEncoder().encode(next));
  }
  return edited;
}

function inWords(change: YamlChange): string {
  if ('set' in change) return `${change.set.join('.')}: ${JSON.stringify(change.value)}`;
  if ('remove' in change) return `${change.remove.join('.')} is to go.`;
  if ('append' in change) return `${change.append.join('.')} is to hold ${change.item} too.`;
  return `${change.drop.join('.')} is to hold ${change.item} no more.`;
}

/** What was wrong before is nobody’s doing here. Lines move: an error is the same by what it says. */
function newErrors(before: readonly Diagnostic[], after: readonly Diagnostic[]): readonly Diagnostic[] {
  const said = (each: Diagnostic): string => `${each.file} ${each.code} ${sentenceOf(each)}`;
  const known = new Set(before.map(said));
  return after.filter((each) => isError(each) && !known.has(said(each)));
}

function changedLines(before: Uint8Array | undefined, after: Uint8Array): readonly string[] {
  const [old, now] = [before, after].map((bytes) => new TextDecoder().decode(bytes).split(/\r?\n/));
  if (old === undefined || now === undefined) return [];
  const shared = (a: readonly string[], b: readonly string[]): number => {
    const at = a.findIndex((line, index) => line !== b[index]);
    return at < 0 ? a.length : at;
  };
  const from = shared(old, now);
  const [oldRest, nowRest] = [old.slice(from), now.slice(from)];
  const end = shared(oldRest.toReversed(), nowRest.toReversed());
  return [
    ...oldRest.slice(0, oldRest.length - end).map((line) => `- ${line}`),
    ...nowRest.slice(0, nowRest.length - end).map((line) => `+ ${line}`),
  ];
}

interface PlaceOfDesk {
  /** Up to the name of the branch. */
  readonly compare: string;
  readonly notes: readonly string[];
}

/** Throws `Failure` where the folder is no clone. What is odd about it is told: whoever commits decides. */
async function placeOf(folder: string, desk: DeskOnGitHub): Promise<PlaceOfDesk> {
  const git = createGit(folder);
  const head = await git(['rev-parse', '--verify', '--quiet', 'HEAD']);
  if (head.code !== 0)
    throw new Failure(`${folder} is no clone of ${desk.name}: say where one is with --folder FOLDER.`, {
      transient: false,
    });
  const { owner, name, defaultBranch } = await desk.github.forRepositoryId(repositoryOf(desk));
  const page = (await desk.pages.deskPage(desk.id)) ?? '';
  const here = head.stdout.toString().trim();
  const origin = (await git(['remote', 'get-url', 'origin'])).stdout.toString().trim();
  const isDesk = origin
    .replace(/\.git$/, '')
    .toLowerCase()
    .endsWith(`${owner}/${name}`.toLowerCase());
  return {
    compare: `${page}/compare/${defaultBranch}...`,
    notes: [
      ...(isDesk ? [] : [`The remote origin of ${folder} is not ${owner}/${name}: is this the right clone?`]),
      ...(here === desk.files.commit
        ? []
        : [
            `${folder} is at ${here.slice(0, 7)}, and ${defaultBranch} of ${desk.name} at ${desk.files.commit.slice(0, 7)}: the pull request holds whatever else differs.`,
          ]),
    ],
  };
}

function nextSteps(
  { title, branch }: Proposal,
  {
    folder,
    paths,
    compare,
  }: { readonly folder: string; readonly paths: readonly string[]; readonly compare: string },
): readonly string[] {
  return [
    '',
    `Nothing counts before it is reviewed and merged. In ${folder}:`,
    `  git switch -c ${branch}`,
    `  git commit -m '${title}' -- ${paths.join(' ')}`,
    `  git push -u origin ${branch}`,
    'Then open the pull request:',
    `  ${compare}${branch}?expand=1`,
  ];
}

/** As Git takes it, whatever people and services are called. */
export function branchFor(...words: readonly string[]): string {
  return `people/${words
    .join('-')
    .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
    .replaceAll(/^-|-$/g, '')}`;
}
