// What a request to GitHub is to our queue: what it costs, whether it may be sent twice, and what it must not overtake.

export interface RequestKind {
  /** Method and route template, never a value: `PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}`. */
  readonly name: string;
  readonly api: 'rest' | 'graphql';
  readonly reads: boolean;
  /** GitHub's price: 1 to read, 5 to write. */
  readonly points: number;
  /** Whether it counts as content, of which GitHub takes less. */
  readonly creates: boolean;
  /** Sent twice it does what it does sent once, so that a lost answer is a reason to send it again. */
  readonly repeatable: boolean;
  /** Writes to one address stay in order; undefined for reads. */
  readonly address: string | undefined;
}

/** As Octokit hands it to its hooks. */
export interface RequestOptions {
  readonly method: string;
  /** A route template, or a whole address where Octokit follows the pages of a list. */
  readonly url: string;
  readonly query?: unknown;
}

/** `fullUrl` is the address with all values in it: it orders writes and is never shown. */
export function requestKind(options: RequestOptions, fullUrl: string): RequestKind {
  if (/\/graphql$/.test(options.url)) return graphqlKind(options);
  const name = `${options.method} ${/^https?:/.test(options.url) ? routeOf(options.url) : options.url}`;
  const reads = options.method === 'GET' || options.method === 'HEAD';
  return {
    name,
    api: 'rest',
    reads,
    points: reads ? 1 : 5,
    creates: options.method === 'POST' && !makesNoContent.has(name),
    repeatable: options.method === 'POST' ? repeatablePosts.has(name) : !onceOnly.has(name),
    address: reads ? undefined : new URL(fullUrl).pathname,
  };
}

/** Of a page of a list, which Octokit knows by its whole address: its words, and no value. */
function routeOf(address: string): string {
  const segments = new URL(address).pathname.replace(/^\/api\/v3(?=\/)/, '').split('/');
  return segments.map((segment) => (segment === '' || routeWords.has(segment) ? segment : '{…}')).join('/');
}

/** The words of addresses whose lists we read, by name or, from the second page on, by id. */
const routeWords: ReadonlySet<string> = new Set(
  'app branches collaborators comments commits deliveries files hook installation installations invitations issues members memberships organizations orgs pulls repos repositories rules team teams user users'.split(
    ' ',
  ),
);

/** A token more, a reaction or label that is there already, an object that Git names by its content: no harm. */
const repeatablePosts: ReadonlySet<string> = new Set([
  'POST /app/installations/{installation_id}/access_tokens',
  'POST /markdown',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/reactions',
  'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/labels',
  'POST /repos/{owner}/{repo}/git/blobs',
  'POST /repos/{owner}/{repo}/git/trees',
]);

/** A PUT that makes a commit each time; annotations that are added to those before. */
const onceOnly: ReadonlySet<string> = new Set([
  'PUT /repos/{owner}/{repo}/contents/{path}',
  'DELETE /repos/{owner}/{repo}/contents/{path}',
  'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge',
  'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}',
]);

/** GitHub marks what notifies people as content; reactions it does not. Of commits it says nothing: they count here. */
const makesNoContent: ReadonlySet<string> = new Set([
  'POST /app/installations/{installation_id}/access_tokens',
  'POST /app/hook/deliveries/{delivery_id}/attempts',
  'POST /markdown',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/reactions',
  'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
]);

function graphqlKind({ query }: RequestOptions): RequestKind {
  const text = typeof query === 'string' ? query.replaceAll(/#[^\n]*/g, '') : '';
  const [, field] = /(?:^|\})\s*mutation\b[^{]*\{\s*(?:\w+\s*:\s*)?(\w+)/.exec(text) ?? [];
  const common = { api: 'graphql', creates: field !== undefined } as const;
  if (field === undefined)
    return {
      ...common,
      name: 'GraphQL query',
      reads: true,
      points: 1,
      repeatable: true,
      address: undefined,
    };
  return {
    ...common,
    name: `GraphQL ${field}`,
    reads: false,
    points: 5,
    repeatable: false,
    // Never repeated by us: that their lane keeps them in order is enough.
    address: undefined,
  };
}
