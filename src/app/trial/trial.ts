// Grants one target to one person on the real system and takes it back, twice each: shows whether a strategy can, before anybody needs it.
import type { Grant, Holding } from '../../domain/entries.ts';
import { minutes } from '../../domain/duration.ts';
import { between, plus, requestId, type Milliseconds, type PersonId } from '../../domain/names.ts';
import type { Offered } from '../../domain/offered-settings.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { SettleCall } from '../../engine/ports/access.ts';
import type { LedgerNow, OperatorDesk } from '../operator-desk.ts';
import { createIds } from '../system.ts';

export interface Trial {
  readonly desk: Pick<OperatorDesk, 'id' | 'access' | 'clock'>;
  readonly offered: Offered;
  readonly person: PersonId;
  /** What the person has before: nothing of it is taken. */
  readonly before: Holding;
  readonly resource: string;
  readonly account: string;
  readonly wanted: Holding;
  readonly integration?: Grant['integration'];
}

export type TrialStepName = 'grant' | 'grant again' | 'verify' | 'revoke' | 'revoke again' | 'verify gone';

export interface TrialStep {
  readonly name: TrialStepName;
  readonly ms: Milliseconds;
  /** Absent where it went well. */
  readonly failure?: string;
  readonly says: string;
}

export interface TrialOutcome {
  readonly steps: readonly TrialStep[];
  /** Whether access may still be there: nobody takes it back by itself. */
  readonly isLeft: boolean;
}

/** The sentence says why it must not be tried on this person. */
export interface Untried {
  readonly why: string;
}

/** No grant of a trial that was forgotten leaves later. */
const startWithin = minutes(5);
/** Before it is given up and told loudly; waits in between. */
const lastTries: readonly Milliseconds[] = [0, 2_000, 5_000, 15_000];

/** Looks, and changes nothing. Throws `Failure` where it cannot be looked at. */
export async function planTrial(
  desk: Pick<OperatorDesk, 'id' | 'access' | 'clock'>,
  offered: Offered,
  person: PersonId,
  { grants }: Pick<LedgerNow, 'grants'>,
): Promise<Trial | Untried> {
  const seen = await desk.access.look(desk.id, offered.strategy, offered.settings, person);
  if ('missing' in seen) {
    if (seen.missing === 'unavailable') throw new Failure(seen.why, { transient: true });
    return { why: seen.why };
  }
  const { resource, account, wanted, holds, effective, covered, integration } = seen;
  if (covered)
    return { why: `${person} has ${effective ?? holds} there already: nothing of theirs is taken.` };
  const live = grants.filter((grant) => grant.resource === resource && grant.account === account);
  if (live.length > 0)
    return {
      why: `${person} has a live grant there, ${live.map(({ request }) => request).join(', ')}: end it first.`,
    };
  return {
    ...{ desk, offered, person, before: holds, resource, account, wanted },
    ...(integration && { integration }),
  };
}

/** Always ends by taking back, also where `stop` is aborted or a step fails. */
export async function runTrial(
  trial: Trial,
  { stop, note }: { readonly stop: AbortSignal; readonly note: (step: TrialStep) => void },
): Promise<TrialOutcome> {
  const run = createRun(trial, note);
  if (stop.aborted) return { steps: [], isLeft: false };
  const isThere = (await run.grant('grant', stop)) && (await run.grant('grant again', stop));
  if (isThere && !stop.aborted) await run.verify('verify', stop);
  const isRevoked = await run.revoke('revoke');
  if (isRevoked) await run.revoke('revoke again');
  const isGone = await run.verify('verify gone');
  return { steps: run.steps, isLeft: !(isRevoked && isGone) };
}

function createRun(trial: Trial, note: (step: TrialStep) => void) {
  const { desk, offered, person, before, resource, account, wanted, integration } = trial;
  const { access, clock } = desk;
  const steps: TrialStep[] = [];
  const request = requestId(createIds().mint(clock.now()));
  const never = new AbortController().signal;
  let sealed: string | undefined;

  async function step(name: TrialStepName, work: () => Promise<string>): Promise<boolean> {
    const began = clock.now();
    const done = async (): Promise<Pick<TrialStep, 'says' | 'failure'>> => {
      try {
        return { says: await work() };
      } catch (error) {
        // Whatever it is: what follows takes back, and must be come to.
        const why = error instanceof Failure ? error.message : 'It went wrong in a way that nobody foresaw.';
        return { says: why, failure: why };
      }
    };
    const taken = { name, ...(await done()), ms: between(began, clock.now()) };
    steps.push(taken);
    note(taken);
    return taken.failure === undefined;
  }

  const settle = (purpose: SettleCall['purpose'], signal: AbortSignal) =>
    access.settle({
      ...{ request, desk: desk.id, strategy: offered.strategy, settings: offered.settings },
      ...{ resource, account, before, purpose, signal },
      ...(integration && { integration }),
      wanted: purpose === 'escalate' ? [wanted] : [],
      ...(sealed !== undefined && { sealed }),
      ...(purpose === 'escalate' && { notAfter: plus(clock.now(), startWithin) }),
    });

  return {
    steps,
    grant: (name: 'grant' | 'grant again', signal: AbortSignal) =>
      step(name, async () => {
        const settled = await settle('escalate', signal);
        sealed = settled.sealed ?? sealed;
        return settled.verified === 'read-back'
          ? `holds ${settled.holds}, read back`
          : 'answered; the service cannot be read, and its answer was believed';
      }),
    /** Nothing but its success ends it: whoever interrupts waits. */
    async revoke(name: 'revoke' | 'revoke again') {
      let isDone = false;
      for (const wait of name === 'revoke' ? lastTries : [0]) {
        await clock.sleep(wait);
        isDone = await step(name, async () => {
          const { verified, holds } = await settle('deescalate', never);
          return verified === 'read-back'
            ? `holds ${holds}, read back`
            : 'answered; the service cannot be read';
        });
        if (isDone) break;
      }
      return isDone;
    },
    verify: (name: 'verify' | 'verify gone', signal: AbortSignal = never) =>
      step(name, async () => {
        const seen = await access.holding(desk.id, request, grantOf());
        if (signal.aborted) throw new Failure('It was interrupted.', { transient: false });
        if ('missing' in seen) {
          if (seen.missing === 'unlisted') return 'cannot be read: look there yourself';
          throw new Failure(seen.why, { transient: true });
        }
        const rank = (holding: Holding): number => seen.order.indexOf(holding);
        const isRight =
          name === 'verify' ? rank(seen.holds) >= rank(wanted) : rank(seen.holds) <= rank(before);
        if (isRight) return `${person} holds ${seen.holds}`;
        throw new Failure(`${person} holds ${seen.holds}.`, { transient: false });
      }),
  };

  function grantOf(): Grant {
    return {
      ...{ strategy: offered.strategy, settings: offered.settings, resource, account, wanted, before },
      ...{ startBy: clock.now(), duration: 'until-revoked' },
      ...(integration && { integration }),
    };
  }
}
