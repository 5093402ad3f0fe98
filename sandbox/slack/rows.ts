// What the embedded Slack keeps: one shape for each kind of row.
import type { Json } from './json.ts';

export interface WorkspaceRow {
  readonly id: string;
  readonly name: string;
  /** `acme` of `acme.slack.com`. */
  readonly domain: string;
}

export interface UserRow {
  readonly id: string;
  /** The home workspace. Slack Connect people are of another one than the app that sees them. */
  readonly team_id: string;
  readonly name: string;
  readonly real_name: string;
  readonly email: string | null;
  readonly tz: string;
  readonly is_bot: boolean;
  readonly deleted: boolean;
  readonly is_admin: boolean;
  /** A guest of several channels. With `is_ultra_restricted` as well: of a single one. */
  readonly is_restricted: boolean;
  readonly is_ultra_restricted: boolean;
  readonly updated: number;
}

export interface Shortcut {
  readonly callback_id: string;
  readonly type: 'global' | 'message';
  readonly name: string;
}

/** An app, installed in one workspace. */
export interface AppRow {
  readonly id: string;
  readonly team_id: string;
  readonly name: string;
  readonly bot_user_id: string;
  readonly bot_id: string;
  readonly bot_token: string;
  /** For Socket Mode. */
  readonly app_token: string;
  readonly signing_secret: string;
  readonly verification_token: string;
  readonly scopes: readonly string[];
  /** With the slash: `/access`. */
  readonly commands: readonly string[];
  readonly shortcuts: readonly Shortcut[];
  /** As in the manifest: `message.im`, `app_home_opened`. */
  readonly events: readonly string[];
  /** Where commands, interactivity, options and events go, unless Socket Mode is on. */
  readonly request_url: string | null;
  readonly socket_mode: boolean;
  readonly installed: boolean;
}

export type ChannelKind = 'public' | 'private' | 'im' | 'mpim';

export interface ChannelRow {
  readonly id: string;
  /** The host, where several share it. */
  readonly team_id: string;
  readonly kind: ChannelKind;
  readonly name: string;
  readonly members: readonly string[];
  readonly is_archived: boolean;
  readonly is_general: boolean;
  /** Other workspaces that share it over Slack Connect; empty in a channel of one. */
  readonly shared_with: readonly string[];
  readonly creator: string;
  readonly created: number;
  readonly topic: string;
  readonly purpose: string;
}

export interface MessageRow {
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
  readonly team_id: string;
  /** The app that posted it; null for a person. */
  readonly app_id: string | null;
  readonly text: string;
  readonly blocks: readonly Json[];
  readonly thread_ts: string | null;
  readonly reply_broadcast: boolean;
  readonly metadata: Json | null;
  readonly edited: { readonly user: string; readonly ts: string } | null;
  /** Seen by this person alone, and unknown to every method. */
  readonly only_for: string | null;
}

/** Block id to action id to what is chosen there. */
export type ViewValues = Readonly<Record<string, Readonly<Record<string, Json>>>>;

export interface ViewRow {
  readonly id: string;
  readonly app_id: string;
  readonly user: string;
  readonly type: 'modal' | 'home';
  /** As the app said it, with the ids that it left out. */
  readonly content: Json;
  readonly values: ViewValues;
  readonly hash: string;
  readonly root_view_id: string;
  readonly previous_view_id: string | null;
  /** Counts up: the highest of a person's modals is on top. */
  readonly order: number;
}

export interface GroupRow {
  readonly id: string;
  readonly team_id: string;
  readonly handle: string;
  readonly name: string;
  readonly users: readonly string[];
  readonly date_delete: number;
  readonly date_create: number;
}
