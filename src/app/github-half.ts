// The GitHub half of the app: its connections by the credentials of the settings, its name there, and the ledgers it keeps.
import { repositoryId } from '../clients/github/desk-source.ts';
import { createGitHubApp, type GitHubApp, type PacedGitHubApp } from '../clients/github/github-app.ts';
import type { Pace } from '../clients/github/pace.ts';
import type { DeskId } from '../domain/names.ts';
import type { Ledger } from '../engine/ports/ledger.ts';
import { createGitHubLedger } from '../ledger/github-ledger.ts';
import type { Surroundings } from './compose.ts';
import type { AppCredentials, Settings } from './settings.ts';

export const ledgerBranch = 'countersign/ledger';

export function gitHubApp(
  credentials: AppCredentials,
  { baseUrl }: Pick<Settings, 'baseUrl'>,
  { fetch, clock, log, pace }: Pick<Surroundings, 'fetch' | 'clock' | 'log'> & { readonly pace?: Pace },
): PacedGitHubApp {
  return createGitHubApp({ ...credentials, baseUrl, fetch, clock, log, ...(pace && { pace }) });
}

export async function botLoginOf(github: GitHubApp): Promise<string> {
  const { data } = await github.app().rest.apps.getAuthenticated();
  return `${data?.slug ?? ''}[bot]`;
}

/** One for each desk. */
export function ledgersOf(github: GitHubApp): (desk: DeskId) => Ledger {
  const ledgers = new Map<DeskId, Ledger>();
  return (desk) => {
    const known = ledgers.get(desk);
    if (known) return known;
    const ledger = createGitHubLedger({
      branch: ledgerBranch,
      botLogin: () => botLoginOf(github),
      place: async () => {
        const { installation, owner, name } = await github.forRepositoryId(repositoryId(desk));
        return { octokit: installation.at('ledger'), owner, name };
      },
    });
    ledgers.set(desk, ledger);
    return ledger;
  };
}
