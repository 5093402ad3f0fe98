// Step 2: is each desk there, safe, readable, and able to keep its ledger?
import { isNotFound } from '../../clients/github/failure.ts';
import type { GitHubApp, InstalledRepository } from '../../clients/github/github-app.ts';
import type { DeskSafety } from '../../clients/github/desk-safety.ts';
import type { Desk } from '../../desk/desk.ts';
import { isBroken } from '../../desk/desk.ts';
import { printDiagnostic } from '../../desk/diagnostic.ts';
import type { DeskSetting } from '../settings.ts';
import { teamsOf } from './desk-groups.ts';
import { failure, ok, warning, type Finding } from './finding.ts';

export function placeFindings({ name }: DeskSetting, place: InstalledRepository): readonly Finding[] {
  const now = `${place.owner}/${place.name}`;
  return now.toLowerCase() === name.toLowerCase()
    ? [ok(`${now} is found, its default branch is ${place.defaultBranch}`)]
    : [
        warning(
          `${name} is now called ${now}`,
          `The number after # counts, so it works. Write ${now} in COUNTERSIGN_DESKS and wherever else the old name stands.`,
        ),
      ];
}

export async function riskFindings(
  { id, name, acceptedRisks }: DeskSetting,
  safety: DeskSafety,
): Promise<readonly Finding[]> {
  const risks = await safety.risks(id);
  const accepted = new Set<string>(acceptedRisks);
  if (risks.length === 0) return [ok('private, and its flows change only with a review by their owners')];
  return risks.map(({ code, sentence }) =>
    accepted.has(code)
      ? warning(sentence.replace(/\.$/, ''), `You accepted this in COUNTERSIGN_ACCEPTED_RISKS for ${name}.`)
      : failure(
          sentence.replace(/\.$/, ''),
          code === 'unknown'
            ? 'Look again later; the desk takes no requests meanwhile.'
            : `Mend it (docs/setting-up.md, step 2), or accept it in writing: COUNTERSIGN_ACCEPTED_RISKS=${name}=${code}.`,
        ),
  );
}

const shownDiagnostics = 3;

export function flowFindings(desk: Desk): readonly Finding[] {
  const { diagnostics, flows, commit } = desk;
  const usable = [...flows.values()].filter((flow) => !isBroken(flow)).length;
  const at = `at ${commit.slice(0, 7)}`;
  if (diagnostics.length > 0) {
    const more = diagnostics.length - shownDiagnostics;
    return diagnostics
      .slice(0, shownDiagnostics)
      .map((diagnostic, index) =>
        failure(
          index === 0
            ? `${diagnostics.length} problems ${at}: ${printDiagnostic(diagnostic)}`
            : printDiagnostic(diagnostic),
          index === Math.min(diagnostics.length, shownDiagnostics) - 1 && more > 0
            ? `Correct it, and ${more} more: docs/reference/diagnostics.md.`
            : 'Correct it: docs/reference/diagnostics.md.',
        ),
      );
  }
  if (usable === 0) return [warning(`no flow ${at}`, 'Add one in flows/: docs/reference/flow.md.')];
  return [ok(`${usable} ${usable === 1 ? 'flow' : 'flows'} ${at}, none broken`)];
}

/** Only what keeps others from rewriting the past counts; that the app may pass is for its owner to say. */
const guards = ['creation', 'update', 'deletion', 'non_fast_forward'] as const;

export async function ledgerFindings(
  { installation, owner, name: repo }: InstalledRepository,
  branch: string,
): Promise<readonly Finding[]> {
  const octokit = installation.at('read');
  const isThere = await octokit.rest.git.getRef({ owner, repo, ref: `heads/${branch}` }).then(
    () => true,
    (error: unknown) => {
      if (isNotFound(error)) return false;
      throw error;
    },
  );
  const rules = await octokit.paginate(octokit.rest.repos.getBranchRules, {
    owner,
    repo,
    branch,
    per_page: 100,
  });
  const types = new Set<string>(rules.map(({ type }) => type));
  const open = guards.filter((guard) => !types.has(guard));
  const says = isThere ? `${branch} is there` : `${branch} is made with the first entry`;
  return open.length === 0
    ? [ok(`${says}, and a ruleset keeps others off it`)]
    : [
        warning(
          `${says}, and no ruleset restricts ${open.map((guard) => words[guard]).join(', ')}`,
          `A ruleset for ${branch} that only the app bypasses: docs/setting-up.md, step 2. What others write there freezes the desk.`,
        ),
      ];
}

const words: { readonly [G in (typeof guards)[number]]: string } = {
  creation: 'its creation',
  update: 'updates',
  deletion: 'its deletion',
  non_fast_forward: 'force pushes',
};

export async function groupFindings(
  desk: Desk,
  github: Pick<GitHubApp, 'forOrganization'>,
): Promise<readonly Finding[]> {
  const teams = teamsOf(desk);
  if (teams.length === 0) return [ok('no team is named')];
  const missing: string[] = [];
  for (const team of teams) if (!(await isReadable(team, github))) missing.push(team);
  return missing.length === 0
    ? [ok(`${teams.length} ${teams.length === 1 ? 'team is' : 'teams are'} there`)]
    : missing.map((team) =>
        failure(
          `team:${team} is not there, or the app may not see it`,
          `Nobody is in it, so nobody can ask or decide by it. Correct the flow, or install the app on ${team.split('/')[0]} with members: read.`,
        ),
      );
}

async function isReadable(team: string, github: Pick<GitHubApp, 'forOrganization'>): Promise<boolean> {
  const [org = '', team_slug = ''] = team.split('/');
  try {
    const installation = await github.forOrganization(org);
    await installation.at('read').rest.teams.getByName({ org, team_slug });
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
