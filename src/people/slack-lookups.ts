// What the groups of Slack ask of it: the desk's own workspace, and who is who there.
import type { SlackLookUps as SlackClient } from '../clients/slack/look-ups.ts';
import type { DeskId } from '../domain/names.ts';

export interface SlackLookups {
  /**
   * Undefined where no workspace is connected for this desk. Throws a transient `Failure` while Slack does not say which
   * one it is.
   */
  of(desk: DeskId): Promise<SlackWorkspace | undefined>;
}

export interface SlackWorkspace {
  /** The id of the desk's own workspace. */
  readonly workspace: string;
  readonly lookUps: Pick<
    SlackClient,
    'channel' | 'members' | 'user' | 'userByEmail' | 'group' | 'groupMembers'
  >;
}
