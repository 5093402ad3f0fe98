// Reads from GitHub what a pull request would change of a desk: from where it left the branch that is in force, and no more than differs.
import { namedGroups, type LookedUpGroup, type SeenGroup } from '../../../desk/change/named-groups.ts';
import { namedOnSlack, type NamedOnSlack } from '../../../desk/change/named-on-slack.ts';
import type { SlackSeen } from '../../../desk/change/slack-seen.ts';
import { narrow } from '../../../desk/change/narrow.ts';
import type { DeskVersion, ProposedChange } from '../../../desk/change/review-change.ts';
import type { CodeSeen } from '../../../desk/code-diagnostics.ts';
import { account, type Account, type DeskId, type Group } from '../../../domain/names.ts';
import type { Repository } from '../github-place.ts';
import type { PullFacts } from './touched-flows.ts';

/** A desk's files at a commit, a fork's too. */
export interface FilesAt {
  /** By path, whatever tells their contents apart. */
  readonly versions: ReadonlyMap<string, string>;
  read(isWanted: (path: string) => boolean): Promise<ReadonlyMap<string, Uint8Array>>;
}

/** Throws `Failure`. `asked`: told of each thing that GitHub is asked for. */
export type ReadFilesAt = (desk: DeskId, commit: string, asked: () => void) => Promise<FilesAt>;

export interface Proposal {
  readonly desk: DeskId;
  readonly pull: PullFacts;
}

export interface ProposalParts {
  readonly at: ReadFilesAt;
  /** Whether a group is there, and whether an account belongs to it, as far as that can be told. */
  readonly lookUpGroup: (desk: DeskId, account: Account, group: Group) => Promise<LookedUpGroup>;
  /** What is named on Slack, as far as Slack says; absent: nobody asks. */
  readonly lookUpSlack?: (desk: DeskId, named: NamedOnSlack, asked: () => void) => Promise<SlackSeen>;
  /** What is to be said of code, which is compiled and not run. */
  readonly seeCode: (desk: DeskId, version: DeskVersion) => Promise<CodeSeen | undefined>;
  /** What is in force, and what was asked of it. */
  readonly inForce: (desk: DeskId) => Promise<Pick<ProposedChange, 'grants' | 'requests' | 'secrets'>>;
  readonly asked: () => void;
}

export async function readProposal(
  { desk, pull }: Proposal,
  repository: Repository,
  { at, lookUpGroup, lookUpSlack, seeCode, inForce, asked }: ProposalParts,
): Promise<ProposedChange> {
  const sha = pull.head;
  // Into whichever branch it is to go: what counts is what is in force.
  const base = await leftAt(repository, repository.defaultBranch, sha);
  const [was, is] = await Promise.all([at(desk, base, asked), at(desk, sha, asked)]);
  const { isWanted, unchanged } = narrow(was.versions, is.versions);
  const [before, after] = await Promise.all([was.read(isWanted), is.read(isWanted)]);
  const { grants = [], requests = [], secrets } = await inForce(desk);
  const code = await seeCode(desk, { files: after, commit: sha });
  const author = pull.author === undefined ? undefined : account('github', pull.author);
  return {
    before: { files: before, commit: base },
    after: { files: after, commit: sha },
    unchanged,
    ...(code && { code }),
    grants,
    requests,
    ...(pull.isOwnBranch && secrets && { secrets }),
    ...(author !== undefined && { author, groups: await seenGroups() }),
    // Not for a fork either.
    ...(pull.isOwnBranch &&
      lookUpSlack && { slack: await lookUpSlack(desk, namedOnSlack(after, before), asked) }),
  };

  /** Not for a fork: whoever may push nothing here learns nothing of our teams and secrets either. */
  async function seenGroups(): Promise<readonly SeenGroup[]> {
    const seen: SeenGroup[] = [];
    if (author === undefined || !pull.isOwnBranch) return seen;
    for (const named of namedGroups(after, repository.owner)) {
      asked();
      seen.push({ ...named, ...(await lookUpGroup(desk, author, named.group)) });
    }
    return seen;
  }
}

/** Where the two went apart: what came to the branch since is no doing of the pull request. */
async function leftAt({ owner, repo, at }: Repository, base: string, head: string): Promise<string> {
  const { data } = await at('read').rest.repos.compareCommitsWithBasehead({
    owner,
    repo,
    basehead: `${base}...${head}`,
    // Only the first page has the files, with all that changes in them; nobody needs those here.
    per_page: 1,
    page: 2,
  });
  return data.merge_base_commit.sha;
}
