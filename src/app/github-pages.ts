// The pages on GitHub that people are sent to from elsewhere: a request's issue, the files of a desk.
import type { GitHubApp } from '../clients/github/github-app.ts';
import { repositoryId } from '../clients/github/desk-source.ts';
import type { GitHubThread } from '../domain/entries.ts';
import type { DeskId } from '../domain/names.ts';
import type { Request } from '../domain/request.ts';
import { Failure } from '../engine/ports/failure.ts';

export interface GitHubPages {
  /** Undefined where it has none, or GitHub does not say where: a link is no reason to wait. */
  issueUrl(request: Request): Promise<string | undefined>;
  deskUrl(desk: DeskId): Promise<string | undefined>;
  /** Of the repository itself. */
  deskPage(desk: DeskId): Promise<string | undefined>;
  /** `acme/access`, as it is called now. */
  deskName(desk: DeskId): Promise<string | undefined>;
  threadUrl(thread: GitHubThread): Promise<string | undefined>;
}

export function createGitHubPages({
  github,
  baseUrl,
}: {
  readonly github: Pick<GitHubApp, 'forRepositoryId'>;
  /** Of the REST API. */
  readonly baseUrl: string;
}): GitHubPages {
  async function pageOf(repository: number): Promise<string | undefined> {
    try {
      const { owner, name } = await github.forRepositoryId(repository);
      return `${webOf(baseUrl)}/${owner}/${name}`;
    } catch (error) {
      if (error instanceof Failure) return undefined;
      throw error;
    }
  }

  async function threadUrl({ repository, issue }: GitHubThread): Promise<string | undefined> {
    const page = await pageOf(Number(repository));
    return page === undefined ? undefined : `${page}/issues/${issue}`;
  }

  return {
    threadUrl,
    issueUrl: async ({ thread }) => thread && threadUrl(thread),
    deskPage: (desk) => pageOf(repositoryId(desk)),
    async deskName(desk) {
      const page = await pageOf(repositoryId(desk));
      return page?.split('/').slice(-2).join('/');
    },
    async deskUrl(desk) {
      const page = await pageOf(repositoryId(desk));
      return page === undefined ? undefined : `${page}/tree/HEAD/flows`;
    },
  };
}

/** `https://api.github.com` is `https://github.com`, `https://HOST/api/v3` is `https://HOST`. */
function webOf(baseUrl: string): string {
  const { protocol, host } = new URL(baseUrl);
  return `${protocol}//${host.replace(/^api\.(?=github\.com$|.+\.ghe\.com$)/, '')}`;
}
