// Where people see a request.
import type { Command } from '../../domain/commands.ts';
import type { GitHubThread, Thread } from '../../domain/entries.ts';
import type { Destination } from '../../domain/names.ts';
import type { Refusal } from '../../domain/refusals.ts';
import type { OwedNotice, Request } from '../../domain/request.ts';

/** Where people see a request. Every call may be repeated: a lost answer is searched for before creating again. */
export interface Surface {
  /** Opens the request's own issue. */
  openThread(request: Request): Promise<GitHubThread>;
  /** Creates or edits the one card that is for these people. */
  showCard(request: Request, to: Destination, card: ShownCard): Promise<Shown>;
  /** Says something new, which notifies people. */
  sendNotice(request: Request, owed: OwedNotice): Promise<Shown>;
  /** Answers a command that was refused. */
  answer(command: Command, refusal: Refusal): Promise<void>;
  /**
   * Hands to the engine whatever people said about it that never arrived. Throws `Failure` where that cannot be known
   * now, or people could not say anything until a moment ago: then it is not the time to let it lapse.
   */
  reread(request: Request): Promise<void>;
}

/** A message as it can be found again. */
export interface Shown {
  readonly thread: Thread;
  readonly ref: string;
}

export interface ShownCard {
  /** Undefined where none is known yet. */
  readonly known: Shown | undefined;
  /** The request as people may see it by now. Asked at the last moment: what waited to be sent shows no older state. */
  latest(): Promise<Request>;
}
