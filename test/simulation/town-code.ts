// The code of the town's flows, where it has any: it answers, says no, fails and hangs, as chance will have it.
import { Failure } from '../../src/engine/ports/failure.ts';
import type { Clock } from '../../src/engine/ports/clock.ts';
import type { DeskCode } from '../../src/engine/ports/desk-code.ts';
import { isUnknown, type Unknown } from '../../src/domain/facts.ts';
import {
  goOn,
  type Availability,
  type CodeOffer,
  type HookAnswer,
  type HookName,
} from '../../src/domain/hooks.ts';
import type { RequestId } from '../../src/domain/names.ts';
import type { Random } from './random.ts';
import type { Town } from './town.ts';
import type { Life, Weather } from './weather.ts';

const offer: CodeOffer = {
  file: 'flows/town.ts',
  hooks: [
    ...(['on_request', 'on_approve', 'on_forward', 'on_lapse', 'on_escalate', 'on_deescalate'] as const),
    ...(['after_request', 'after_forward', 'after_approve', 'after_escalate', 'after_deescalate'] as const),
  ],
  answers: ['approval', 'available', 'identity'],
  hosts: [],
  vars: {},
};

/** From now on every flow of the town has code. */
export function giveCode(town: Town): void {
  const { flows } = town;
  town.code = offer;
  for (const [name, flow] of flows) flows.set(name, { ...flow, code: offer });
}

export interface TownCode {
  /** Requests that may be given access, since their code went on. */
  readonly wentOn: Set<RequestId>;
  of(life: Life): DeskCode;
}

export interface TownCodeParts {
  readonly town: Town;
  readonly random: Random;
  readonly weather: Weather;
  readonly clock: Clock;
  readonly note: (sentence: string) => void;
}

/** What each may say besides that it goes on. */
const noes: { readonly [H in HookName]?: HookAnswer } = {
  on_approve: { answer: 'ignore', message: 'Not by you.' },
  on_forward: { answer: 'ignore', message: 'Let them sleep.' },
  on_lapse: { answer: 'deny', reason: 'Ask again.' },
  on_escalate: { answer: 'ignore', message: 'The vault is sealed.' },
};

export function createTownCode({ town, random, weather, clock, note }: TownCodeParts): TownCode {
  const wentOn = new Set<RequestId>();

  async function said<T>(life: Life, what: string, yes: T, no: T): Promise<T | Unknown> {
    try {
      return await weather.call(life, `code ${what}`, async () => {
        const mood = weather.calm ? 1 : random.next();
        // It takes all of the time that it has, and comes to nothing.
        if (mood < 0.12) await clock.sleep(15_000);
        if (mood < 0.25) return { unknown: 'it threw' };
        return mood < 0.4 ? no : yes;
      });
    } catch (error) {
      if (error instanceof Failure) return { unknown: error.message };
      throw error;
    }
  }

  return {
    wentOn,
    of: (life) => ({
      async hook({ hook, event: { request } }) {
        const answer = await said<HookAnswer>(life, hook, goOn, noes[hook] ?? goOn);
        note(`code: ${hook} ${isUnknown(answer) ? 'comes to nothing' : answer.answer}`);
        const isGo = !isUnknown(answer) && answer.answer === 'go-on';
        if (hook === 'on_escalate' && isGo && request.id) wentOn.add(request.id);
        return answer;
      },
      /** The same people as the flow: whom it asks is judged elsewhere. */
      approval: ({ flow: { name } }) => {
        const steps = town.flows.get(name)?.approval.steps.filter(({ condition }) => condition === undefined);
        return said(life, 'approval', steps ?? [], steps ?? []);
      },
      available: () => said<Availability>(life, 'available', 'open', { why: 'It is closed.' }),
      identity: () => said(life, 'identity', 'unanswered' as const, 'unanswered' as const),
    }),
  };
}
