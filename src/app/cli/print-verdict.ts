// Says to people what was verified: a few lines where all is well, else what is wrong, since when, and what to do.
import type { CommitMark, Finding, FindingCode } from '../../ledger/finding.ts';
import type { Verdict } from '../../ledger/verify.ts';
import { plain } from './terminal-text.ts';

export function printVerdict(verdict: Verdict, { hasKeys }: { readonly hasKeys: boolean }): string {
  const blocks = [
    [opening(verdict), ...extent(verdict)],
    ...groups(verdict.findings).slice(0, mostGroups).map(printGroup),
    [...tooMany(verdict), ...notJudged(verdict)],
    untimely(verdict),
    verdict.strength === undefined ? advice(verdict) : signatures(verdict, hasKeys),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function opening({ strength, findings }: Verdict): string {
  if (strength === undefined) return `It does not hold: ${counted(findings.length, 'finding')}.`;
  return strength === 'signed' ? 'Signed: it holds.' : 'Consistent: it holds.';
}

function extent({
  ref,
  head,
  desk,
  requests,
  entries,
  deskEntries,
  commits,
  from,
  to,
  author,
}: Verdict): string[] {
  const ofDesk = deskEntries > 0 ? `, and ${counted(deskEntries, 'entry')} of the desk itself` : '';
  return [
    `${counted(entries, 'entry')} of ${counted(requests, 'request')}${ofDesk}${desk === undefined ? '' : ` (${plain(desk)})`}`,
    `${counted(commits.all, 'commit')} of ${plain(ref)}, ${moment(from)} to ${moment(to)}, up to ${head}`,
    ...(author === undefined ? [] : [`made by ${plain(author)}`]),
  ];
}

interface Group {
  readonly commit?: CommitMark;
  readonly findings: readonly Finding[];
}

/** One commit often does several things wrong. */
function groups(findings: readonly Finding[]): readonly Group[] {
  const byCommit = new Map<string, Group & { findings: Finding[] }>();
  for (const finding of findings) {
    const { commit } = finding;
    const group = byCommit.get(commit?.oid ?? '') ?? { ...(commit && { commit }), findings: [] };
    group.findings.push(finding);
    byCommit.set(commit?.oid ?? '', group);
  }
  return [...byCommit.values()];
}

const mostGroups = 20;
const mostInGroup = 20;

function printGroup({ commit, findings }: Group): readonly string[] {
  const shown = findings.slice(0, mostInGroup);
  return [
    commit === undefined
      ? 'In no single commit:'
      : `Since commit ${commit.oid.slice(0, 12)} of ${moment(commit.at)}, by ${plain(commit.author)}:`,
    ...shown.flatMap(printFinding),
    ...(findings.length > shown.length ? [`  … and ${findings.length - shown.length} more there.`] : []),
  ];
}

function printFinding({ path, line, entry, request, sentence, code }: Finding): readonly string[] {
  const names = [
    ...(entry === undefined ? [] : [`entry ${entry}`]),
    ...(request === undefined ? [] : [`request ${request}`]),
  ];
  if (path === undefined) return [`  ${sentence} (${code})`];
  return [
    `  ${plain(path)}:${line ?? 1}${names.length > 0 ? `  ${names.join(', ')}` : ''}`,
    `    ${sentence} (${code})`,
  ];
}

function tooMany({ findings }: Verdict): readonly string[] {
  const hidden = groups(findings).slice(mostGroups);
  const count = hidden.reduce((sum, group) => sum + group.findings.length, 0);
  return count === 0 ? [] : [`And ${counted(count, 'more finding')} in later commits: --json gives all.`];
}

function notJudged(verdict: Verdict): readonly string[] {
  const shown = verdict.notJudged.slice(0, mostInGroup);
  const rest = verdict.notJudged.length - shown.length;
  return [
    ...shown.map(
      ({ path, fromLine }) =>
        `${plain(path)}: not judged from entry ${fromLine}, which a newer Countersign wrote. Verify with that one.`,
    ),
    ...(rest > 0 ? [`… and ${counted(rest, 'more file')} that a newer Countersign wrote parts of.`] : []),
  ];
}

/** For people to explain: it may have been an outage, and it may have been somebody who dates back. */
function untimely({ untimely: all }: Verdict): readonly string[] {
  if (all.length === 0) return [];
  const rest = all.length - mostUntimely;
  return [
    'Committed more than an hour after they say they were recorded, or before it:',
    ...all
      .slice(0, mostUntimely)
      .map(
        ({ path, line, says, commit }) =>
          `  ${plain(path)}:${line}  says ${moment(says)}, and came with ${commit.oid.slice(0, 12)} of ${moment(commit.at)}`,
      ),
    ...(rest > 0 ? [`  … and ${rest} more: --json gives all.`] : []),
    'GitHub out of reach for so long explains it, or a sandbox whose clock was moved. Else ask who runs the app.',
  ];
}

const mostUntimely = 3;

function signatures({ commits, author }: Verdict, hasKeys: boolean): readonly string[] {
  const { withEntries, carryingSignature, signed } = commits;
  if (withEntries === 0) return ['It holds no entry yet.'];
  if (signed !== undefined)
    return [
      `All ${withEntries} commits with entries are signed with the keys given, and by ${plain(author ?? '')}.`,
    ];
  if (hasKeys || carryingSignature === 0) return ['No commit carries a signature: a ledger on GitHub would.'];
  return [
    `${carryingSignature} of ${withEntries} commits with entries carry a signature. They were not checked: for that,`,
    '  curl https://github.com/web-flow.gpg -o web-flow.gpg',
    '(GitHub’s own; a server of yours, and the sandbox, have theirs at /web-flow.gpg)',
    'and give --keys web-flow.gpg, and with --app the name of the app.',
  ];
}

/** By whom it was done decides what is to be done. */
function advice({ findings, author }: Verdict): readonly string[] {
  const codes = new Set(findings.map(({ code }) => code));
  const foreign = findings.find(({ code }) => byStrangers.includes(code) && code !== 'parted');
  const lines: string[] = [];
  if (foreign?.commit) {
    const { parent } = foreign.commit;
    lines.push(
      parent === undefined
        ? 'What to do: the first commit is not ours. Nothing that this branch says is to be believed.'
        : `What to do: find out who pushed ${foreign.commit.oid.slice(0, 12)}. Then put the branch back to ${parent},`,
    );
    if (parent !== undefined)
      lines.push(
        'the last commit before it. Access that was granted meanwhile is not in what is left: look at it.',
      );
  }
  if (codes.has('parted'))
    lines.push(
      'What to do: keep this clone. It holds what was there before: compare with git log --left-right.',
    );
  if (lines.length === 0)
    lines.push(
      `What to do: keep this clone. By all that can be seen ${plain(author ?? 'its author')} wrote this: tell who runs the app.`,
    );
  return [...lines, 'docs/ledger.md says more, under “When it diverges” and “Verify it yourself”.'];
}

const byStrangers: readonly FindingCode[] = [
  'rewritten',
  'removed',
  'several-parents',
  'no-batch',
  'other-author',
  'unsigned',
  'bad-signature',
  'parted',
];

function counted(count: number, what: string): string {
  const many = what.endsWith('y') ? `${what.slice(0, -1)}ies` : `${what}s`;
  return `${count} ${count === 1 ? what : many}`;
}

function moment(at: string | undefined): string {
  return at === undefined ? 'nothing' : `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}
