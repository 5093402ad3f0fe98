// Repositories as GitHub's API and its webhooks show them.
import { permissionFlags } from '../access.ts';
import type { Body, GitHub } from '../github.ts';
import { api, html, nodeId } from '../links.ts';
import type { RepositoryRow, Role } from '../rows.ts';
import { simpleUser } from './account.ts';

/** The addresses, which even the shortest form of a repository carries. */
export function minimalRepository(github: GitHub, row: RepositoryRow): Body {
  const { links } = github;
  const owner = github.accountById(row.owner_id);
  const fullName = `${owner.login}/${row.name}`;
  const at = (path: string): string => api(links, `/repos/${fullName}${path}`);
  return {
    id: row.id,
    node_id: nodeId('repository', row.id),
    name: row.name,
    full_name: fullName,
    private: row.private,
    owner: simpleUser(github, owner),
    html_url: html(links, `/${fullName}`),
    description: row.description,
    fork: false,
    url: at(''),
    forks_url: at('/forks'),
    keys_url: at('/keys{/key_id}'),
    collaborators_url: at('/collaborators{/collaborator}'),
    teams_url: at('/teams'),
    hooks_url: at('/hooks'),
    issue_events_url: at('/issues/events{/number}'),
    events_url: at('/events'),
    assignees_url: at('/assignees{/user}'),
    branches_url: at('/branches{/branch}'),
    tags_url: at('/tags'),
    blobs_url: at('/git/blobs{/sha}'),
    git_tags_url: at('/git/tags{/sha}'),
    git_refs_url: at('/git/refs{/sha}'),
    trees_url: at('/git/trees{/sha}'),
    statuses_url: at('/statuses/{sha}'),
    languages_url: at('/languages'),
    stargazers_url: at('/stargazers'),
    contributors_url: at('/contributors'),
    subscribers_url: at('/subscribers'),
    subscription_url: at('/subscription'),
    commits_url: at('/commits{/sha}'),
    git_commits_url: at('/git/commits{/sha}'),
    comments_url: at('/comments{/number}'),
    issue_comment_url: at('/issues/comments{/number}'),
    contents_url: at('/contents/{+path}'),
    compare_url: at('/compare/{base}...{head}'),
    merges_url: at('/merges'),
    archive_url: at('/{archive_format}{/ref}'),
    downloads_url: at('/downloads'),
    issues_url: at('/issues{/number}'),
    pulls_url: at('/pulls{/number}'),
    milestones_url: at('/milestones{/number}'),
    notifications_url: at('/notifications{?since,all,participating}'),
    labels_url: at('/labels{/name}'),
    releases_url: at('/releases{/id}'),
    deployments_url: at('/deployments'),
  };
}

export function repository(github: GitHub, row: RepositoryRow): Body {
  const page = html(github.links, `/${github.fullName(row)}`);
  const open = github.state.issues.in(row.id).filter((issue) => issue.state === 'open').length;
  return {
    ...minimalRepository(github, row),
    created_at: row.created_at,
    updated_at: row.updated_at,
    pushed_at: row.pushed_at,
    git_url: `${page.replace(/^http/, 'git')}.git`,
    ssh_url: `git@${new URL(page).hostname}:${github.fullName(row)}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    homepage: null,
    size: 48,
    stargazers_count: 0,
    watchers_count: 0,
    language: 'TypeScript',
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: row.archived,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: false,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: row.private ? 'private' : 'public',
    forks: 0,
    open_issues: open,
    watchers: 0,
    default_branch: row.default_branch,
    custom_properties: {},
  };
}

export function fullRepository(github: GitHub, row: RepositoryRow, role: Role | 'none'): Body {
  const owner = github.accountById(row.owner_id);
  return {
    ...repository(github, row),
    permissions: permissionFlags(role),
    allow_squash_merge: true,
    allow_merge_commit: true,
    allow_rebase_merge: true,
    allow_auto_merge: false,
    delete_branch_on_merge: false,
    allow_update_branch: false,
    use_squash_pr_title_as_default: false,
    squash_merge_commit_message: 'COMMIT_MESSAGES',
    squash_merge_commit_title: 'COMMIT_OR_PR_TITLE',
    merge_commit_message: 'PR_TITLE',
    merge_commit_title: 'MERGE_MESSAGE',
    ...(owner.type === 'Organization' ? { organization: simpleUser(github, owner) } : {}),
    network_count: 0,
    subscribers_count: 1,
  };
}
