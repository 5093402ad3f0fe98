// Lets a test or the page act: as a person of the world, or as the world itself.
import {
  createComment,
  deleteComment,
  editComment,
  react,
  subjectOfComment,
  subjectOfIssue,
} from './github/actions/comments.ts';
import { pushFiles } from './github/actions/branches.ts';
import { changeIssue, deleteIssue, findLabel, openIssue, transferIssue } from './github/actions/issues.ts';
import { formBody, issueForms } from './github/issue-forms.ts';
import type { FormAnswers } from './github/issue-forms.ts';
import {
  createTeam,
  deleteTeam,
  findTeam,
  putOrganizationMember,
  putTeamMember,
  removeOrganizationMember,
  removeTeamMember,
} from './github/actions/organization.ts';
import {
  chooseRepositories,
  installationOf,
  setSuspended,
  uninstall,
} from './github/actions/installations.ts';
import { mergePull, openPull, openPullFromFork, pushToFork, requestChecks } from './github/actions/pulls.ts';
import {
  acceptInvitation,
  createRepository,
  putCollaborator,
  removeCollaborator,
  renameRepository,
  setArchived,
  setVisibility,
} from './github/actions/repositories.ts';
import type { Actor, GitHub } from './github/github.ts';
import { pressAction, rerequestRun } from './github/rest/checks.ts';
import { notFound } from './github/problem.ts';
import type {
  AccountRow,
  CommentRow,
  IssueRow,
  RepositoryRow,
  Role,
  RulesetRow,
  TeamRow,
} from './github/rows.ts';
import { personalToken } from './github/tokens.ts';
import { addPerson } from './world.ts';
import type { WorldPerson } from './world.ts';

export interface OpenIssue {
  readonly title: string;
  readonly body?: string;
  readonly labels?: readonly string[];
  /** `owner/name`; the desk unless said. */
  readonly repository?: string;
}

export interface PushFiles {
  readonly message: string;
  /** Path to text, or null to delete. */
  readonly files: Readonly<Record<string, string | null>>;
  /** The default branch unless said. */
  readonly branch?: string;
  /** Where a new branch begins; the default branch unless said. */
  readonly from?: string;
  /** As if merged from a reviewed pull request: branch rules do not stand in the way. */
  readonly reviewed?: boolean;
  readonly repository?: string;
}

export interface ForkPush {
  readonly title: string;
  readonly files: PushFiles['files'];
}

export type Person = ReturnType<typeof actingAs>;

/** Everything a person does; refused as GitHub would refuse it (a thrown `GitHubProblem`). */
// The return type is what this function is for: it would only be said twice.
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types
export function actingAs(github: GitHub, desk: string, login: string) {
  const account = github.account(login);
  if (!account) throw new Error(`Nobody in this world is called ${login}.`);
  const actor: Actor = { account, app: null };
  const at = (name?: string): RepositoryRow => repositoryNamed(github, name ?? desk);
  return {
    account,
    /** A personal access token, for calls of the REST API as this person. */
    token: personalToken(github, account.id),
    openIssue: ({ repository, ...input }: OpenIssue): IssueRow =>
      openIssue(github, actor, at(repository), input),
    /** As through the web page: the repository's own form, and the body that GitHub makes of the answers. */
    submitForm: (
      file: string,
      answers: FormAnswers,
      options: { readonly title?: string; readonly repository?: string } = {},
    ): IssueRow => {
      const row = at(options.repository);
      const form = issueForms(github, row).find((one) => one.file === file);
      if (!form) throw new Error(`${github.fullName(row)} has no issue form ${file}.`);
      const title = options.title ?? (form.title.trim() === '' ? form.name : form.title);
      const labels = form.labels.filter((name) => findLabel(github, row, name));
      const { assignees } = form;
      return openIssue(github, actor, row, { title, body: formBody(form, answers), labels, assignees });
    },
    editIssue: (number: number, change: { title?: string; body?: string }, repository?: string): IssueRow =>
      changeIssue(github, actor, at(repository), number, change),
    closeIssue: (number: number, repository?: string): IssueRow =>
      changeIssue(github, actor, at(repository), number, { state: 'closed' }),
    reopenIssue: (number: number, repository?: string): IssueRow =>
      changeIssue(github, actor, at(repository), number, { state: 'open' }),
    labelIssue: (number: number, labels: readonly string[], repository?: string): IssueRow =>
      changeIssue(github, actor, at(repository), number, { labels }),
    transferIssue: (number: number, to: string, repository?: string): IssueRow =>
      transferIssue(github, actor, at(repository), number, at(to)),
    deleteIssue: (number: number, repository?: string): void =>
      deleteIssue(github, actor, at(repository), number),
    comment: (number: number, body: string, repository?: string): CommentRow =>
      createComment(github, actor, at(repository), number, body),
    editComment: (id: number, body: string, repository?: string): CommentRow =>
      editComment(github, actor, at(repository), id, body),
    deleteComment: (id: number, repository?: string): void =>
      deleteComment(github, actor, at(repository), id),
    reactToIssue: (number: number, content: string, repository?: string) =>
      react(github, actor, subjectOfIssue(issueNumbered(github, at(repository), number).id), content).row,
    reactToComment: (id: number, content: string) => react(github, actor, subjectOfComment(id), content).row,
    /** The new commit's id. */
    pushFiles: ({ repository, branch, files, ...push }: PushFiles): string => {
      const row = at(repository);
      return pushFiles(github, actor, row, {
        ...push,
        branch: branch ?? row.default_branch,
        files: contents({ files }),
      });
    },
    openPullRequest: (input: {
      readonly title: string;
      readonly body?: string;
      readonly head: string;
      readonly base?: string;
      readonly repository?: string;
    }): IssueRow => {
      const row = at(input.repository);
      return openPull(github, actor, row, { ...input, base: input.base ?? row.default_branch });
    },
    /** From a fork of this person's, made for it. */
    openPullRequestFromFork: (input: ForkPush & { readonly repository?: string }): IssueRow => {
      const row = at(input.repository);
      const pull = { title: input.title, head: 'patch-1', base: row.default_branch, files: contents(input) };
      return openPullFromFork(github, actor, row, pull);
    },
    pushToFork: (number: number, input: ForkPush, repository?: string): string =>
      pushToFork(github, actor, at(repository), { number, title: input.title, files: contents(input) }),
    /** “Re-run” beside a check. */
    rerequestCheckRun: (id: number, repository?: string): void =>
      rerequestRun(github, actor, at(repository), id),
    /** A button that an app put beside its check. */
    pressCheckAction: (id: number, identifier: string, repository?: string): void =>
      pressAction(github, actor, at(repository), { id, identifier }),
    /** “Re-run all checks” of an app on a commit. `branch` is null for a commit of a fork. */
    rerequestChecks: (sha: string, slug: string, branch: string | null, repository?: string): void => {
      const app = github.state.apps.find((one) => one.slug === slug);
      if (!app) throw notFound();
      requestChecks(github, actor, at(repository), { app, branch, sha, action: 'rerequested' });
    },
    mergePullRequest: (number: number, repository?: string): Promise<string> =>
      mergePull(github, actor, at(repository), number),
    acceptInvitation: (repository: string): void => {
      const waiting = github.state.invitations
        .in(at(repository).id)
        .find((row) => row.invitee_id === account.id);
      if (!waiting) throw notFound();
      acceptInvitation(github, actor, waiting);
    },
  };
}

export type WorldDriver = ReturnType<typeof changingTheWorld>;

/** What happens around the people: who joins, leaves, is renamed; what becomes public, archived, unguarded. */
// The return type is what this function is for: it would only be said twice.
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types
export function changingTheWorld(github: GitHub, organizationLogin: string, desk: string) {
  const organization = (): AccountRow => github.organization(organizationLogin);
  const owner = (): Actor => {
    const admin = github.state.organizationMembers
      .in(organization().id)
      .find((row) => row.role === 'admin' && row.state === 'active');
    return { account: github.accountById(admin?.user_id ?? organization().id), app: null };
  };
  const at = (name?: string): RepositoryRow => repositoryNamed(github, name ?? desk);
  const user = (login: string): AccountRow => {
    const row = github.account(login);
    if (!row) throw new Error(`Nobody in this world is called ${login}.`);
    return row;
  };
  const team = (slug: string): TeamRow => findTeam(github, organization(), slug);
  return {
    addPerson: (person: WorldPerson): AccountRow => addPerson(github, person, organization()),
    renamePerson: (login: string, to: string): AccountRow =>
      github.state.accounts.put({ ...user(login), login: to, updated_at: github.timestamp() }),
    suspendPerson: (login: string): AccountRow =>
      github.state.accounts.put({ ...user(login), suspended: true }),
    join: (login: string, role: 'admin' | 'member' = 'member') =>
      putOrganizationMember(github, owner(), organization(), user(login), role),
    leave: (login: string): void => removeOrganizationMember(github, owner(), organization(), user(login)),
    addTeam: (name: string, members: readonly string[] = []): TeamRow => {
      const row = createTeam(github, owner(), organization(), { name });
      for (const login of members) putTeamMember(github, owner(), row, user(login));
      return row;
    },
    removeTeam: (slug: string): void => deleteTeam(github, owner(), team(slug)),
    syncTeam: (slug: string): TeamRow => github.state.teams.put({ ...team(slug), synced: true }),
    joinTeam: (slug: string, login: string, role: 'member' | 'maintainer' = 'member') =>
      putTeamMember(github, owner(), team(slug), user(login), role),
    leaveTeam: (slug: string, login: string): void =>
      removeTeamMember(github, owner(), team(slug), user(login)),
    grantTeam: (slug: string, role: Role, repository?: string) =>
      github.state.teamRepositories.put({
        team_id: team(slug).id,
        repository_id: at(repository).id,
        role,
      }),
    addRepository: (name: string, options: { private?: boolean; files?: Record<string, string> } = {}) => {
      const row = createRepository(github, organization(), { name, private: options.private ?? true });
      const files = new Map(
        Object.entries(options.files ?? { 'README.md': `# ${name}\n` }).map(([path, text]) => [
          path,
          Buffer.from(text),
        ]),
      );
      pushFiles(github, owner(), row, { branch: 'main', message: 'Initial commit', files, reviewed: true });
      return github.repositoryById(row.id);
    },
    renameRepository: (name: string, repository?: string): RepositoryRow =>
      renameRepository(github, owner(), at(repository), name),
    makePublic: (repository?: string): RepositoryRow =>
      setVisibility(github, owner(), at(repository), 'public'),
    makePrivate: (repository?: string): RepositoryRow =>
      setVisibility(github, owner(), at(repository), 'private'),
    archive: (repository?: string): RepositoryRow => setArchived(github, owner(), at(repository), true),
    unarchive: (repository?: string): RepositoryRow => setArchived(github, owner(), at(repository), false),
    addCollaborator: (login: string, role: Role, repository?: string) =>
      putCollaborator(github, owner(), at(repository), user(login), role),
    removeCollaborator: (login: string, repository?: string): void =>
      removeCollaborator(github, owner(), at(repository), user(login)),
    dropRulesets: (repository?: string): void => {
      for (const row of github.state.rulesets.in(at(repository).id)) github.state.rulesets.delete(row.id);
    },
    addRuleset: (ruleset: Pick<RulesetRow, 'name' | 'include' | 'rules'> & { repository?: string }) =>
      github.state.rulesets.put({
        id: github.state.nextId('ruleset'),
        repository_id: at(ruleset.repository).id,
        name: ruleset.name,
        include: ruleset.include,
        rules: ruleset.rules,
        enforcement: 'active',
        bypass_user_ids: [],
      }),
    suspendInstallation: (slug: string): void =>
      setSuspended(github, owner(), installationOf(github, slug), true),
    resumeInstallation: (slug: string): void =>
      setSuspended(github, owner(), installationOf(github, slug), false),
    uninstall: (slug: string): void => uninstall(github, owner(), installationOf(github, slug)),
    /** Installs the app on these repositories of the organisation alone; null for all of them. */
    chooseRepositories: (slug: string, names: readonly string[] | null): void =>
      chooseRepositories(
        github,
        owner(),
        installationOf(github, slug),
        names?.map((name) => at(name).id) ?? null,
      ),
    /** Tokens given out before stop working, as when an installation's tokens are revoked. */
    revokeTokens: (): void => {
      for (const row of github.state.tokens.all()) github.state.tokens.delete(row.token);
    },
  };
}

function contents({ files }: Pick<PushFiles, 'files'>): ReadonlyMap<string, Buffer | null> {
  return new Map(
    Object.entries(files).map(([path, text]) => [path, text === null ? null : Buffer.from(text)]),
  );
}

export function repositoryNamed(github: GitHub, fullName: string): RepositoryRow {
  const [owner = '', name = ''] = fullName.split('/');
  const former = github.state.formerNames.get(fullName.toLowerCase());
  const row = github.repository(owner, name) ?? github.state.repositories.get(former?.repository_id ?? 0);
  if (!row) throw new Error(`No repository in this world is called ${fullName}.`);
  return row;
}

function issueNumbered(github: GitHub, repository: RepositoryRow, number: number): IssueRow {
  const row = github.state.issues.get(`${repository.id}/${number}`);
  if (!row) throw notFound();
  return row;
}
