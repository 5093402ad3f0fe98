// What the code of a flow says before there is a request: whether it is open to somebody now, and what happens as its form opens.
import { availability, promptFor, type Asking } from '../domain/code-answers.ts';
import { isUnknown } from '../domain/facts.ts';
import type { Availability } from '../domain/hooks.ts';
import { plus, type DeskId, type Milliseconds } from '../domain/names.ts';
import type { Clock } from './ports/clock.ts';
import type { DeskCode } from './ports/desk-code.ts';
import { Failure } from './ports/failure.ts';
import { withinTime } from './time-limit.ts';
import { createTurnstile } from './turnstile.ts';

/** Somebody who is about to ask. */
export type Prompt = Omit<Asking, 'at'>;

/** All of it for showing alone: asking judges anew, and nothing here keeps anybody from that. */
export interface Prompts {
  /** What is not told soon counts as open. */
  available(prompt: Prompt): Promise<Availability>;
  /** What is said in place of the form; undefined: it opens. What is not told in time does not hold it up. */
  opening(prompt: Prompt): Promise<string | undefined>;
  /** It is there. Resolves once the code is through with it. */
  opened(prompt: Prompt): Promise<void>;
}

export interface PromptsParts {
  readonly code: Pick<DeskCode, 'hook' | 'available'>;
  readonly clock: Clock;
}

/** A list is waited for, and holds many flows. */
const ofList: Milliseconds = 1_000;
/** So many of a desk at once, whoever looks at lists and opens forms: code that decides waits for the same places. */
const besides = 3;
/** A form is waited for by somebody who has chosen it. */
const ofForm: Milliseconds = 5_000;
/** Nobody waits for what runs once it is there; somebody may open one after the other. */
const ofOpened: Milliseconds = 60_000;

export function createPrompts({ code, clock }: PromptsParts): Prompts {
  const now = (prompt: Prompt): Asking => ({ ...prompt, at: clock.now() });
  const places = createTurnstile();
  let asked = 0;

  /** Undefined where it is late; whoever watches the code hears of what came of it all the same. */
  async function soon<T>(ms: Milliseconds, answer: Promise<T>): Promise<T | undefined> {
    try {
      return await withinTime({ clock, ms, who: 'The code of the flow' }, () => answer);
    } catch (error) {
      if (error instanceof Failure) return undefined;
      throw error;
    }
  }

  /** Undefined where its turn comes when nobody waits for it any more. */
  function inTurn<T>(desk: DeskId, ms: Milliseconds, work: () => Promise<T>): Promise<T | undefined> {
    const late = plus(clock.now(), ms);
    asked += 1;
    return places.pass(`${desk} ${asked % besides}`, async () => (clock.now() < late ? work() : undefined));
  }

  return {
    async available(prompt) {
      const question = availability(now(prompt));
      if (question === undefined) return 'open';
      const { desk } = prompt;
      const turn = inTurn(desk, ofList, () => code.available({ desk, ...question }));
      const answer = await soon(ofList, turn);
      return answer === undefined || isUnknown(answer) ? 'open' : answer;
    },
    async opening(prompt) {
      const question = promptFor('on_prompt', now(prompt));
      if (question === undefined) return undefined;
      const { desk } = prompt;
      const turn = inTurn(desk, ofForm, () => code.hook({ desk, ...question }));
      const answer = await soon(ofForm, turn);
      return answer === undefined || isUnknown(answer) || answer.answer !== 'ignore'
        ? undefined
        : answer.message;
    },
    async opened(prompt) {
      const question = promptFor('after_prompt', now(prompt));
      const { desk } = prompt;
      if (question) await inTurn(desk, ofOpened, () => code.hook({ desk, ...question }));
    },
  };
}
