// What the embedded GitHub remembers, row by row; names follow GitHub's API.

export type Role = 'read' | 'triage' | 'write' | 'maintain' | 'admin';
export type Level = 'read' | 'write' | 'admin';
export type Permissions = Readonly<Record<string, Level>>;
/** Instants are ISO 8601 in whole seconds, as GitHub gives them. */
type Timestamp = string;

export interface AccountRow {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Bot' | 'Organization';
  readonly name: string | null;
  readonly email: string | null;
  readonly created_at: Timestamp;
  readonly updated_at: Timestamp;
  /** Only of organisations. */
  readonly default_repository_permission?: Role | 'none';
  /** Only of bots: the slug of the app it belongs to. */
  readonly app_slug?: string;
  readonly suspended?: boolean;
}

export interface OrganizationMemberRow {
  readonly organization_id: number;
  readonly user_id: number;
  readonly role: 'admin' | 'member';
  readonly state: 'active' | 'pending';
}

export interface TeamRow {
  readonly id: number;
  readonly organization_id: number;
  readonly slug: string;
  readonly name: string;
  readonly description: string | null;
  readonly privacy: 'closed' | 'secret';
  readonly created_at: Timestamp;
  readonly updated_at: Timestamp;
  /** Set when an identity provider owns the membership: writes are refused. */
  readonly synced?: boolean;
}

export interface TeamMemberRow {
  readonly team_id: number;
  readonly user_id: number;
  readonly role: 'member' | 'maintainer';
  readonly state: 'active' | 'pending';
}

export interface TeamRepositoryRow {
  readonly team_id: number;
  readonly repository_id: number;
  readonly role: Role;
}

export interface RepositoryRow {
  readonly id: number;
  readonly owner_id: number;
  readonly name: string;
  readonly description: string | null;
  readonly private: boolean;
  readonly archived: boolean;
  readonly default_branch: string;
  readonly created_at: Timestamp;
  readonly updated_at: Timestamp;
  readonly pushed_at: Timestamp;
  readonly next_number: number;
}

/** Where a repository was before it was renamed or moved: answered with a redirect, as GitHub does. */
export interface FormerNameRow {
  readonly full_name: string;
  readonly repository_id: number;
}

export interface CollaboratorRow {
  readonly repository_id: number;
  readonly user_id: number;
  readonly role: Role;
}

export interface InvitationRow {
  readonly id: number;
  readonly repository_id: number;
  readonly invitee_id: number;
  readonly inviter_id: number;
  readonly role: Role;
  readonly created_at: Timestamp;
}

export interface Rule {
  readonly type: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

export interface RulesetRow {
  readonly id: number;
  readonly repository_id: number;
  readonly name: string;
  /** Branch names; `~DEFAULT_BRANCH` and `~ALL` as GitHub writes them, a trailing `*` matches a prefix. */
  readonly include: readonly string[];
  readonly rules: readonly Rule[];
  readonly enforcement: 'active' | 'disabled';
  readonly bypass_user_ids: readonly number[];
}

export interface LabelRow {
  readonly id: number;
  readonly repository_id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
}

export interface IssueRow {
  readonly id: number;
  readonly repository_id: number;
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly state: 'open' | 'closed';
  readonly state_reason: 'completed' | 'not_planned' | 'reopened' | 'duplicate' | null;
  readonly user_id: number;
  readonly app_id: number | null;
  readonly label_ids: readonly number[];
  readonly assignee_ids: readonly number[];
  readonly locked: boolean;
  readonly created_at: Timestamp;
  readonly updated_at: Timestamp;
  readonly closed_at: Timestamp | null;
  readonly closed_by_id: number | null;
  /** Set when the body was edited after creation. */
  readonly edited_at?: Timestamp;
  /** Set when it came from another repository. */
  readonly transferred_at?: Timestamp;
  readonly pull?: PullPart;
}

/** An issue that was deleted (410) or transferred (a redirect). */
export interface GoneIssueRow {
  readonly key: string;
  readonly moved_to: { readonly repository_id: number; readonly number: number } | null;
}

export interface PullPart {
  readonly id: number;
  /** Whose fork the head is a branch of; absent where it is a branch of this repository. */
  readonly fork_owner_id?: number;
  readonly head_ref: string;
  readonly head_sha: string;
  readonly base_ref: string;
  readonly base_sha: string;
  readonly draft: boolean;
  readonly merged_at: Timestamp | null;
  readonly merged_by_id: number | null;
  readonly merge_commit_sha: string | null;
}

export interface CommentRow {
  readonly id: number;
  readonly repository_id: number;
  readonly number: number;
  readonly body: string;
  readonly user_id: number;
  readonly app_id: number | null;
  readonly created_at: Timestamp;
  readonly updated_at: Timestamp;
  readonly edited_by_id?: number;
}

export const reactionContents = [
  '+1',
  '-1',
  'laugh',
  'confused',
  'heart',
  'hooray',
  'rocket',
  'eyes',
] as const;
export type ReactionContent = (typeof reactionContents)[number];

export interface ReactionRow {
  readonly id: number;
  /** `issue/<issue id>` or `comment/<comment id>`. */
  readonly subject: string;
  readonly content: ReactionContent;
  readonly user_id: number;
  readonly created_at: Timestamp;
}

export interface CheckRunRow {
  readonly id: number;
  readonly repository_id: number;
  readonly app_id: number;
  readonly name: string;
  readonly head_sha: string;
  readonly external_id: string;
  readonly details_url: string | null;
  readonly status: string;
  readonly conclusion: string | null;
  readonly started_at: Timestamp | null;
  readonly completed_at: Timestamp | null;
  readonly title: string | null;
  readonly summary: string | null;
  readonly text: string | null;
  readonly annotations: readonly unknown[];
  readonly actions: readonly unknown[];
}

export interface WorkflowRunRow {
  readonly id: number;
  readonly repository_id: number;
  /** In `.github/workflows/`. */
  readonly file: string;
  readonly name: string;
  /** As its `run-name` has it. */
  readonly title: string;
  readonly number: number;
  readonly head_branch: string;
  readonly head_sha: string;
  readonly actor_id: number;
  readonly inputs: Readonly<Record<string, string>>;
  readonly created_at: Timestamp;
}

export interface AppRow {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly client_id: string;
  readonly owner_id: number;
  readonly bot_id: number;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  readonly hook_id: number;
  readonly webhook_secret: string;
  readonly private_key: string;
  readonly public_key: string;
  readonly created_at: Timestamp;
  /** Where its manifest wants webhooks; absent where it wants none, or the world says it. */
  readonly hook_url?: string;
  readonly description?: string;
  readonly external_url?: string;
}

export interface InstallationRow {
  readonly id: number;
  readonly app_id: number;
  readonly account_id: number;
  /** Null: all repositories of the account. */
  readonly repository_ids: readonly number[] | null;
  readonly created_at: Timestamp;
  readonly suspended_at: Timestamp | null;
}

export interface TokenRow {
  readonly token: string;
  readonly installation_id: number;
  readonly app_id: number;
  readonly permissions: Permissions;
  readonly repository_ids: readonly number[] | null;
  readonly expires_at: Timestamp;
}

export interface DeliveryRow {
  readonly id: number;
  readonly guid: string;
  readonly app_id: number;
  readonly event: string;
  readonly action: string | null;
  readonly installation_id: number | null;
  readonly repository_id: number | null;
  readonly redelivery: boolean;
  readonly delivered_at: string;
  readonly payload: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface OutcomeRow {
  readonly delivery_id: number;
  readonly status: string;
  readonly status_code: number;
  /** Seconds. */
  readonly duration: number;
  readonly response_headers: Readonly<Record<string, string>>;
  readonly response_payload: string;
}
