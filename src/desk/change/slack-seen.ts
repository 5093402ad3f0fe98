// What Slack said of that which a proposed change names there: plain values, for whoever judges the change.

export interface SlackSeen {
  /** The desk's own workspace; absent where none is connected for it, or it does not say which of several is its own. */
  readonly workspace?: string;
  /** All that are connected. */
  readonly connected: readonly string[];
  /** By what the files write; null: the app sees no such channel. */
  readonly channels: { readonly [nameOrId: string]: SeenChannel | null };
  readonly groups: { readonly [handleOrId: string]: 'there' | 'disabled' | null };
  readonly users: { readonly [id: string]: SeenUser | null };
  /** Names of the channels that the app is in, and handles of the groups: what may have been meant. */
  readonly known: { readonly channels: readonly string[]; readonly groups: readonly string[] };
  /** Other workspaces that share a channel with the app; absent where Slack does not say. */
  readonly neighbours?: readonly string[];
  /** Whether there is a channel for errors where the files name none. */
  readonly hasDefaultErrors: boolean;
  /** Why not all was looked up. */
  readonly unanswered?: string;
}

export interface SeenChannel {
  readonly isPrivate: boolean;
  readonly isShared: boolean;
  readonly isArchived: boolean;
  /** Whether the app is in it. */
  readonly isMember: boolean;
}

export interface SeenUser {
  readonly isBot: boolean;
  readonly isDeactivated: boolean;
  /** A guest of the workspace, or somebody of another one. */
  readonly isGuest: boolean;
}
