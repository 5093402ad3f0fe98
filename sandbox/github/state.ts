// All tables of the embedded GitHub, over one journal.
import { Journal, Table } from './journal.ts';
import type {
  AccountRow,
  AppRow,
  CheckRunRow,
  CollaboratorRow,
  CommentRow,
  DeliveryRow,
  FormerNameRow,
  GoneIssueRow,
  InstallationRow,
  InvitationRow,
  IssueRow,
  LabelRow,
  OrganizationMemberRow,
  OutcomeRow,
  ReactionRow,
  RepositoryRow,
  RulesetRow,
  TeamMemberRow,
  TeamRepositoryRow,
  TeamRow,
  TokenRow,
  WorkflowRunRow,
} from './rows.ts';

interface CounterRow {
  readonly name: string;
  readonly value: number;
}

export interface VaultGrantRow {
  readonly subject: string;
  readonly body: unknown;
  readonly created_at: string;
  readonly updated_at: string;
  /** What opens it: told to whoever grants, and never again. */
  readonly key: string;
}

/** A request that carried an idempotency key, and what it was answered. */
export interface VaultKeyRow {
  readonly key: string;
  readonly fingerprint: string;
  readonly status: number;
  readonly answer: unknown;
}

/** How far the past has come that a new sandbox begins with. */
export interface PastRow {
  readonly name: 'past';
  readonly beganAt: string;
  /** The last moment that was played. */
  readonly reachedAt: string;
  /** How many acts of the script are done. */
  readonly done: number;
  /** Which life of the script became which issue. */
  readonly issues: Readonly<Record<string, number>>;
  readonly finished: boolean;
}

/** The line of the ledger that a visitor forged, and the commit to put the branch back to. */
export interface ForgeryRow {
  readonly name: 'forgery';
  readonly issue: number | null;
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly was: string;
  readonly is: string;
  readonly sha: string;
  readonly before: string;
}

export type State = ReturnType<typeof createState>;

/** Ids look like GitHub's: large, and of another size for each kind of thing. */
const firstIds: Readonly<Record<string, number>> = {
  account: 9_100_200,
  repository: 700_100_200,
  issue: 2_100_400_100,
  comment: 2_600_700_300,
  label: 5_300_400,
  team: 8_200_300,
  delivery: 30_400_500_600,
  installation: 45_100_200,
  hook: 480_200_300,
  workflowRun: 17_100_200_300,
};

// The return type is what this function is for: it would only be said twice.
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types
export function createState(file: string | null) {
  const journal = new Journal(file);
  const counters = new Table<CounterRow>({ journal, name: 'counters', key: (row) => row.name });
  const state = {
    accounts: new Table<AccountRow>({ journal, name: 'accounts', key: (row) => row.id }),
    organizationMembers: new Table<OrganizationMemberRow>({
      journal,
      name: 'organizationMembers',
      key: (row) => `${row.organization_id}/${row.user_id}`,
      group: (row) => row.organization_id,
    }),
    teams: new Table<TeamRow>({
      journal,
      name: 'teams',
      key: (row) => row.id,
      group: (row) => row.organization_id,
    }),
    teamMembers: new Table<TeamMemberRow>({
      journal,
      name: 'teamMembers',
      key: (row) => `${row.team_id}/${row.user_id}`,
      group: (row) => row.team_id,
    }),
    teamRepositories: new Table<TeamRepositoryRow>({
      journal,
      name: 'teamRepositories',
      key: (row) => `${row.team_id}/${row.repository_id}`,
      group: (row) => row.repository_id,
    }),
    repositories: new Table<RepositoryRow>({ journal, name: 'repositories', key: (row) => row.id }),
    formerNames: new Table<FormerNameRow>({
      journal,
      name: 'formerNames',
      key: (row) => row.full_name.toLowerCase(),
    }),
    collaborators: new Table<CollaboratorRow>({
      journal,
      name: 'collaborators',
      key: (row) => `${row.repository_id}/${row.user_id}`,
      group: (row) => row.repository_id,
    }),
    invitations: new Table<InvitationRow>({
      journal,
      name: 'invitations',
      key: (row) => row.id,
      group: (row) => row.repository_id,
    }),
    rulesets: new Table<RulesetRow>({
      journal,
      name: 'rulesets',
      key: (row) => row.id,
      group: (row) => row.repository_id,
    }),
    labels: new Table<LabelRow>({
      journal,
      name: 'labels',
      key: (row) => row.id,
      group: (row) => row.repository_id,
    }),
    issues: new Table<IssueRow>({
      journal,
      name: 'issues',
      key: (row) => issueKey(row.repository_id, row.number),
      group: (row) => row.repository_id,
    }),
    goneIssues: new Table<GoneIssueRow>({ journal, name: 'goneIssues', key: (row) => row.key }),
    comments: new Table<CommentRow>({
      journal,
      name: 'comments',
      key: (row) => row.id,
      group: (row) => issueKey(row.repository_id, row.number),
    }),
    reactions: new Table<ReactionRow>({
      journal,
      name: 'reactions',
      key: (row) => row.id,
      group: (row) => row.subject,
    }),
    checkRuns: new Table<CheckRunRow>({
      journal,
      name: 'checkRuns',
      key: (row) => row.id,
      group: (row) => `${row.repository_id}/${row.head_sha}`,
    }),
    workflowRuns: new Table<WorkflowRunRow>({
      journal,
      name: 'workflowRuns',
      key: (row) => row.id,
      group: (row) => row.repository_id,
    }),
    apps: new Table<AppRow>({ journal, name: 'apps', key: (row) => row.id }),
    installations: new Table<InstallationRow>({ journal, name: 'installations', key: (row) => row.id }),
    tokens: new Table<TokenRow>({ journal, name: 'tokens', key: (row) => row.token }),
    deliveries: new Table<DeliveryRow>({
      journal,
      name: 'deliveries',
      key: (row) => row.id,
      group: (row) => row.app_id,
    }),
    outcomes: new Table<OutcomeRow>({ journal, name: 'outcomes', key: (row) => row.delivery_id }),
    /** Commits that GitHub itself signed. */
    signedCommits: new Table<{ readonly sha: string }>({
      journal,
      name: 'signedCommits',
      key: (row) => row.sha,
    }),
    vaultGrants: new Table<VaultGrantRow>({ journal, name: 'vaultGrants', key: (row) => row.subject }),
    vaultKeys: new Table<VaultKeyRow>({ journal, name: 'vaultKeys', key: (row) => row.key }),
    pasts: new Table<PastRow>({ journal, name: 'pasts', key: (row) => row.name }),
    forgeries: new Table<ForgeryRow>({ journal, name: 'forgeries', key: (row) => row.name }),
    secrets: new Table<{ readonly name: string; readonly value: string }>({
      journal,
      name: 'secrets',
      key: (row) => row.name,
    }),
    nextId(kind: string): number {
      const value = (counters.get(kind)?.value ?? firstIds[kind] ?? 61_000_100) + 1;
      counters.put({ name: kind, value });
      return value;
    },
    close: () => journal.close(),
  };
  journal.open();
  return state;
}

export function issueKey(repositoryId: number, number: number): string {
  return `${repositoryId}/${number}`;
}
