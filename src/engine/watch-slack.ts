// Looks, again and again, at whether Slack can be reached, hears us, and lets the app in.
import { minutes } from '../domain/duration.ts';
import { between, type DeskId, type Instant, type Milliseconds } from '../domain/names.ts';
import type { ErrorChannel } from './error-channel.ts';
import type { Clock } from './ports/clock.ts';
import type { Problem } from './problems.ts';

/** What is seen of Slack from here. */
export interface SlackSigns {
  /** Since when it does not answer; undefined while it does. */
  unreachableSince(): Instant | undefined;
  /** Since when nothing that people do there reaches us. */
  deafSince(): Instant | undefined;
  /** Why it does not let the app in, by the variable whose token it does not take. */
  shutOut(): readonly { readonly token: string; readonly why: string }[];
}

export interface SlackWatchParts {
  readonly signs: SlackSigns;
  readonly clock: Pick<Clock, 'now'>;
  readonly errors: Pick<ErrorChannel, 'raise' | 'clear' | 'standing'>;
  readonly desks: readonly DeskId[];
}

/** What passes sooner is no matter for anybody. */
const patience: Milliseconds = minutes(3);

/** Asks nobody: as often as the bell rings. */
export function watchSlack({ signs, clock, errors, desks }: SlackWatchParts): { look(): void } {
  function lookSince(since: Instant | undefined, problem: Pick<Problem, 'kind' | 'what'>): void {
    const isLasting = since !== undefined && between(since, clock.now()) >= patience;
    for (const desk of desks)
      if (isLasting) errors.raise(desk, { key: problem.kind, ...problem, since });
      else errors.clear(desk, problem.kind);
  }

  return {
    look() {
      lookSince(signs.unreachableSince(), {
        kind: 'slack-out',
        what: 'Nobody can decide there, and nobody is told there; cards catch up by themselves. GitHub goes on.',
      });
      lookSince(signs.deafSince(), {
        kind: 'slack-deaf',
        what: 'The app is not connected by Socket Mode: who presses a button there sees an error. The log says why it cannot connect.',
      });
      const tokens = signs
        .shutOut()
        .map(({ token, why }): Problem => ({ key: `slack-token ${token}`, kind: 'slack-token', what: why }));
      for (const desk of desks) errors.standing(desk, 'slack-token ', tokens);
    },
  };
}
