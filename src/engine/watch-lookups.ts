// Sees each look-up of people, flows and targets: one that fails for longer than a moment is a problem of the desk.
import { isUnknown } from '../domain/facts.ts';
import { minutes } from '../domain/duration.ts';
import { between, type DeskId, type Instant } from '../domain/names.ts';
import type { ErrorChannel } from './error-channel.ts';
import { Failure } from './ports/failure.ts';
import type { AccessControl } from './ports/access.ts';
import type { Clock } from './ports/clock.ts';
import type { Directory } from './ports/directory.ts';
import type { OptionLists } from './ports/flows.ts';

export interface LookupWatch {
  directory(directory: Directory): Directory;
  access(access: AccessControl): AccessControl;
  options(lists: OptionLists): OptionLists;
  /** Any other: `whyNot` says of an answer that it is none. A `Failure` says so by itself. */
  seen<T>(
    desk: DeskId,
    what: string,
    ask: () => Promise<T>,
    whyNot?: (answer: T) => string | undefined,
  ): Promise<T>;
}

/** What fails shorter is said to whoever asked, and to nobody else. */
const patience = minutes(3);

export function watchLookups({
  errors,
  clock,
}: {
  readonly errors: Pick<ErrorChannel, 'raise' | 'clear'>;
  readonly clock: Pick<Clock, 'now'>;
}): LookupWatch {
  const failing = new Map<string, { readonly since: Instant; readonly times: number }>();

  function note(desk: DeskId, what: string, why: string | undefined): void {
    const key = `lookup ${what}`;
    const place = `${desk} ${key}`;
    const now = clock.now();
    if (why === undefined) {
      failing.delete(place);
      return errors.clear(desk, key);
    }
    const before = failing.get(place);
    const { since, times } = { since: before?.since ?? now, times: (before?.times ?? 0) + 1 };
    failing.set(place, { since, times });
    if (between(since, now) < patience) return;
    errors.raise(desk, { key, kind: 'lookup-out', what: `${what}: ${why}`, since, times });
  }

  async function seen<T>(
    desk: DeskId,
    what: string,
    ask: () => Promise<T>,
    whyNot?: (answer: T) => string | undefined,
  ): Promise<T> {
    try {
      const answer = await ask();
      note(desk, what, whyNot?.(answer));
      return answer;
    } catch (error) {
      if (error instanceof Failure) note(desk, what, error.message);
      throw error;
    }
  }

  function seenOptions(list: OptionLists['now']): OptionLists['now'] {
    return (question) =>
      seen(
        question.desk,
        `What is offered for the field ${question.field}, by the source ${question.source.run}`,
        () => list(question),
        (answer) => (isUnknown(answer) ? answer.unknown : undefined),
      );
  }

  return {
    seen,
    options: ({ now, lately }) => ({ now: seenOptions(now), lately: seenOptions(lately) }),
    directory: (directory) => ({
      ...directory,
      person: (desk, account) => seen(desk, 'Who is who', () => directory.person(desk, account)),
      belongs: (desk, person, group) =>
        seen(
          desk,
          `Who belongs to ${group}`,
          () => directory.belongs(desk, person, group),
          (answer) => (typeof answer === 'boolean' ? undefined : answer.unknown),
        ),
      ...(directory.incident && {
        incident: (desk, question) =>
          seen(
            desk,
            'What there is of an incident',
            async () =>
              (await directory.incident?.(desk, question)) ?? {
                unknown: 'Incidents cannot be looked up here.',
              },
            (answer) => (isUnknown(answer) ? answer.unknown : undefined),
          ),
      }),
    }),
    access: (access) => ({
      ...access,
      look: (desk, strategy, settings, person, identity) =>
        seen(
          desk,
          `What is held, by the strategy ${strategy.type}`,
          () => access.look(desk, strategy, settings, person, identity),
          (answer) => ('missing' in answer && answer.missing === 'unavailable' ? answer.why : undefined),
        ),
    }),
  };
}
