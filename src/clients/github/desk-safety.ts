// Whether a desk may take requests: private, and nobody changes its flows alone; else somebody accepted the risk in writing.
import { minutes } from '../../domain/duration.ts';
import { between, type DeskId, type Instant } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import { codeOwnersPaths, parseCodeOwners } from './code-owners.ts';
import { repositoryId, type DeskSource } from './desk-source.ts';
import type { GitHubApp, InstalledRepository } from './github-app.ts';

/** What the operator may accept. */
export type AcceptableRisk = 'public-desk' | 'unreviewed-flows';

export interface Risk {
  readonly code: AcceptableRisk | 'unknown';
  /** For people, whole. */
  readonly sentence: string;
}

export interface DeskSafety {
  /** Those that nobody accepted; empty where the desk may take requests. Never throws for an outage. */
  risks(desk: DeskId): Promise<readonly Risk[]>;
}

interface Finding {
  readonly at: Instant;
  readonly risks: readonly Risk[];
}

const freshFor = minutes(5);
/** After a failed look-up the next is not at once: requests must not wait for each. */
const pauseAfterOutage = minutes(1);
/** An outage of GitHub does not close desks that were safe; but not even it lasts for ever. */
const knownFor = minutes(24 * 60);

export function createDeskSafety(deps: {
  readonly github: GitHubApp;
  readonly source: DeskSource;
  readonly clock: Clock;
  readonly accepted: (desk: DeskId) => readonly AcceptableRisk[];
}): DeskSafety {
  const { clock, accepted } = deps;
  const found = new Map<DeskId, Finding>();
  const outages = new Map<DeskId, Instant>();
  const underWay = new Map<DeskId, Promise<readonly Risk[]>>();
  const isWithin = (at: Instant | undefined, ms: number): boolean =>
    at !== undefined && between(at, clock.now()) < ms;

  async function look(desk: DeskId): Promise<readonly Risk[]> {
    const last = found.get(desk);
    if (last && isWithin(last.at, freshFor)) return last.risks;
    if (isWithin(outages.get(desk), pauseAfterOutage)) return lastKnown(desk);
    try {
      const risks = await findRisks(deps, desk);
      found.set(desk, { at: clock.now(), risks });
      outages.delete(desk);
      return risks;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      // That GitHub does not let us look is an answer, unlike silence: what was seen before no longer holds.
      if (!error.transient) found.delete(desk);
      outages.set(desk, clock.now());
      return lastKnown(desk);
    }
  }

  function lastKnown(desk: DeskId): readonly Risk[] {
    const last = found.get(desk);
    return last && isWithin(last.at, knownFor) ? last.risks : [unknownRisk];
  }

  return {
    async risks(desk) {
      const looking = underWay.get(desk) ?? look(desk);
      underWay.set(desk, looking);
      const risks = await looking.finally(() => underWay.delete(desk));
      return risks.filter(({ code }) => code === 'unknown' || !accepted(desk).includes(code));
    },
  };
}

async function findRisks(
  { github, source }: { readonly github: GitHubApp; readonly source: DeskSource },
  desk: DeskId,
): Promise<readonly Risk[]> {
  const repository = await github.forRepositoryId(repositoryId(desk));
  const isRuled = await requiresCodeOwners(repository);
  const isOwned = isRuled && (await ownsFlows(desk, source));
  return [
    ...(repository.private ? [] : [publicDesk]),
    ...(isRuled ? [] : [unruledFlows]),
    ...(isRuled && !isOwned ? [unownedFlows] : []),
  ];
}

/** GitHub lists the rules in force alone: a ruleset that is only evaluated is not among them. */
async function requiresCodeOwners({
  installation,
  owner,
  name: repo,
  defaultBranch: branch,
}: InstalledRepository): Promise<boolean> {
  const octokit = installation.at('read');
  const rules = await octokit.paginate(octokit.rest.repos.getBranchRules, {
    owner,
    repo,
    branch,
    per_page: 100,
  });
  return rules.some(
    (rule) => rule.type === 'pull_request' && rule.parameters?.require_code_owner_review === true,
  );
}

/** Every file that is there has an owner, and so will any that somebody adds. */
async function ownsFlows(desk: DeskId, source: DeskSource): Promise<boolean> {
  const { commit } = await source.head(desk);
  const files = await source.read(desk, commit);
  const content = codeOwnersPaths.flatMap((path) => files.get(path) ?? [])[0];
  if (content === undefined) return false;
  const owners = parseCodeOwners(new TextDecoder().decode(content));
  const present = [...files.keys()].filter((path) => path.startsWith('flows/'));
  return [...present, ...added].every((path) => owners.of(path).length > 0);
}

const added = ['flows/countersign.yml', 'flows/added-0b7f', 'flows/added-0b7f/added-0b7f.ts'] as const;

const publicDesk: Risk = {
  code: 'public-desk',
  sentence: 'The desk is a public repository: anybody may read its requests and ask in its issues.',
};
const unruledFlows: Risk = {
  code: 'unreviewed-flows',
  sentence:
    'No ruleset of the default branch requires a review by code owners: whoever may push can change who approves.',
};
const unownedFlows: Risk = {
  code: 'unreviewed-flows',
  sentence: 'CODEOWNERS does not cover all of /flows/: a change there needs no review by its owners.',
};
const unknownRisk: Risk = {
  code: 'unknown',
  sentence: 'GitHub does not say now whether the desk is private and its flows are reviewed.',
};
