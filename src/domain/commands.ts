// What may be asked of a request: by people, by the clock, and by the reconciler that reports what it did.
import type {
  GitHubThread,
  Holding,
  Notice,
  Origin,
  Proof,
  ReviewOutcome,
  Speaker,
  Thread,
  Verified,
} from './entries.ts';
import type { Unknown } from './facts.ts';
import type { Source } from './flow.ts';
import type { HookAnswer } from './hooks.ts';
import type { OwedHook } from './request.ts';
import type { Account, DeskId, Destination, Instant, Milliseconds, RequestId } from './names.ts';

/** Who says it, before anybody has looked up which person that is. */
export interface Voice {
  readonly surface: Source;
  readonly account: Account;
  /** As the surface shows it; only ever displayed. */
  readonly name: string;
  /** From signed content: the node id of the comment or issue. Said again, it is the same command. */
  readonly ref: string;
  /** When the surface says it was said; never later than its receipt. */
  readonly at: Instant;
  /** Absent where the surface vouches for the account. */
  readonly proof?: Proof;
  /** The thread it was said on: where an answer goes. */
  readonly where?: Thread;
}

/** What a form held, as typed; an absent key was not asked or not answered. */
export interface RawForm {
  readonly target?: string;
  readonly duration?: string;
  readonly fields: { readonly [name: string]: unknown };
}

/** What somebody says who does not wait for approval. */
export interface BreakGlass {
  /** Why it cannot wait. */
  readonly reason: string;
  /** As typed: the name of the target. */
  readonly confirm: string;
}

export type Command =
  | {
      readonly type: 'request';
      readonly desk: DeskId;
      readonly flow: string;
      readonly form: RawForm;
      readonly voice: Voice;
      /** Where it was asked, if that thread is the request's own. */
      readonly thread?: GitHubThread;
      /** The channel of Slack that it was asked in, if any. */
      readonly origin?: Origin;
      readonly breakGlass?: BreakGlass;
      /** What the request will be called, as the engine knows it when it decides; absent in what people say. */
      readonly id?: RequestId;
    }
  | {
      readonly type: 'approve';
      readonly voice: Voice;
      readonly message?: string;
      /** Grants less than was asked for. */
      readonly duration?: Milliseconds;
      /** Stands in for steps that are not theirs; the message is the reason. */
      readonly as?: 'admin';
      /** What they were shown, where a button says so: see `matterOf`. Nothing else is decided by it. */
      readonly matter?: string;
    }
  | { readonly type: 'deny'; readonly voice: Voice; readonly message?: string; readonly matter?: string }
  | { readonly type: 'revoke'; readonly voice: Voice; readonly message?: string }
  | { readonly type: 'cancel'; readonly voice: Voice }
  | {
      readonly type: 'extend';
      readonly voice: Voice;
      /** By how much; absent: as much as at first, as far as the flow allows. */
      readonly by?: Milliseconds;
      readonly message?: string;
    }
  | {
      readonly type: 'review';
      readonly voice: Voice;
      readonly outcome: ReviewOutcome;
      readonly message?: string;
    }
  | { readonly type: 'note-time' }
  /** Whoever asked is no longer among the people of the desk. */
  | { readonly type: 'note-left' }
  | { readonly type: 'start-escalation' }
  | {
      readonly type: 'note-escalated';
      readonly verified: Verified;
      readonly recorded?: { readonly [name: string]: string };
      readonly sealed?: string;
    }
  | { readonly type: 'note-escalation-failed'; readonly error: string }
  | { readonly type: 'note-handed-over'; readonly by: Speaker }
  | {
      readonly type: 'note-deescalated';
      readonly verified: Verified;
      readonly holds: Holding;
      readonly neededBy: readonly RequestId[];
    }
  | { readonly type: 'note-deescalation-failed'; readonly error: string; readonly attempts: number }
  | {
      readonly type: 'note-action-finished';
      readonly index: number;
      readonly recorded?: { readonly [name: string]: string };
    }
  | {
      readonly type: 'note-action-failed';
      readonly index: number;
      readonly error: string;
      readonly gaveUp: boolean;
      /** In a row, this one included. */
      readonly attempts: number;
    }
  | {
      readonly type: 'note-notified';
      readonly notice: Notice;
      readonly to: Destination;
      readonly thread: Thread;
      readonly ref: string;
    }
  | {
      readonly type: 'note-hook';
      readonly owed: OwedHook;
      readonly came: HookAnswer | Unknown;
    }
  | {
      readonly type: 'note-undelivered';
      readonly notice: Notice;
      readonly to: Destination;
      readonly error: string;
      /** It goes on being tried. */
      readonly retried?: true;
    };

export type CommandType = Command['type'];
export type CommandOf<T extends CommandType> = Extract<Command, { type: T }>;
export type PersonCommand = Extract<Command, { voice: Voice }>;

/** The same voice, once it is known which person it is. */
export function speaker(voice: Voice, person: Speaker['person']): Speaker {
  const { surface, account, name, ref, at, proof } = voice;
  return { person, via: { surface, account, name, ref, ...(proof && { proof }) }, at };
}
