// Plays one request: decides, records and pays what is owed, as the engine does, with time that only a scenario moves.
import type { Command, Voice } from '../../domain/commands.ts';
import { decide } from '../../domain/decide.ts';
import type { Entry, NewEntry } from '../../domain/entries.ts';
import { entryAt } from '../../domain/entry-line.ts';
import { evolve } from '../../domain/evolve.ts';
import type { Source } from '../../domain/flow.ts';
import { later, personId, plus, type Instant, type Milliseconds } from '../../domain/names.ts';
import { outstanding, type Effect } from '../../domain/outstanding.ts';
import type { Refusal } from '../../domain/refusals.ts';
import { nextDeadline } from '../../domain/deadlines.ts';
import { type Request } from '../../domain/request.ts';
import { sceneRequest } from './scene.ts';
import { accountOf, factsOf, saidBy, type World } from './world.ts';

export interface Stage {
  readonly now: Instant;
  /** Undefined until somebody asked and was not refused. */
  readonly request: Request | undefined;
  readonly facts: ReturnType<typeof factsOf>;
  /** Where the flow's own code came to no answer, in sentences. */
  readonly troubles: readonly string[];
  /** Goes on from where another was that began alike. */
  continueFrom(begun: { readonly request: Request; readonly troubles: readonly string[] }): void;
  /** What somebody would say now. */
  voice(person: string, surface: Source): Voice;
  /** The refusal that it meets, if any. */
  say(command: Command): Refusal | undefined;
  /** Everything that becomes due on the way happens, when it is due. */
  wait(ms: Milliseconds): void;
}

/** More than the longest wait can hold; what is beyond is a mistake of ours. */
const maxDeadlines = 1000;
const maxEffects = 20;

/** `watch` is told of everything that is recorded, with what was recorded together. */
export function createStage(
  world: World,
  at: Instant,
  watch: (request: Request, entries: readonly Entry[]) => void,
): Stage {
  const facts = factsOf(world);
  const troubles: string[] = [];
  let now = at;
  let request: Request | undefined;
  let said = 0;

  function tell(command: Command): Refusal | undefined {
    const named = command.type === 'request' ? { ...command, id: sceneRequest } : command;
    const decision = decide(named, request, facts, now);
    if ('needs' in decision) throw new Error('A decision asks for what a scenario does not know.');
    if ('refusal' in decision) return decision.refusal;
    const entries = decision.entries.map(record);
    if (request && entries.length > 0) watch(request, entries);
    return undefined;
  }

  /** The links between lines are left out: nobody reads these lines. */
  function record(body: NewEntry): Entry {
    const seq = (request?.seq ?? 0) + 1;
    const at = request ? later(request.lastAt, now) : now;
    const link = { v: 1, id: String(seq), seq, at, prev: null } as const;
    const entry = entryAt(body, link, { request: sceneRequest, flow: world.flow.ref });
    request = evolve(request, entry, '');
    if (entry.type === 'hook-failed')
      troubles.push(`${entry.data.hook} came to no answer: ${entry.data.problem}`);
    return entry;
  }

  /** All is in the ledger at once, and whoever is called answers at once. */
  function payOwed(): void {
    for (let paid = 0; paid <= maxEffects; paid += 1) {
      const owed = request && owedNow(request, now);
      if (request === undefined || owed === undefined) return;
      tell(outcomeOf(owed, request, world));
    }
    throw new Error('Something is owed again and again.');
  }

  return {
    get now() {
      return now;
    },
    get request() {
      return request;
    },
    facts,
    troubles,
    continueFrom(begun) {
      request = begun.request;
      troubles.push(...begun.troubles);
      said = begun.request.heard.length;
    },
    voice(person, surface) {
      said += 1;
      const known = world.people.persons.get(personId(person));
      const name = known?.github?.login ?? known?.name ?? person;
      return { surface, account: accountOf(person), name, ref: `S${said}`, at: now };
    },
    say(command) {
      const refusal = tell(command);
      // What is refused owes nothing.
      if (refusal === undefined) payOwed();
      return refusal;
    },
    wait(ms) {
      const until = plus(now, ms);
      for (let walked = 0; ; walked += 1) {
        const due = request && nextDeadline(request);
        if (due === undefined || due > until) break;
        if (walked >= maxDeadlines) throw new Error('One deadline follows another without end.');
        now = later(now, due);
        tell({ type: 'note-time' });
        payOwed();
      }
      now = until;
    },
  };
}

type OwedEffect = Extract<
  Effect,
  { type: 'start-escalation' | 'escalate-access' | 'deescalate-access' | 'run-action' | 'run-hook' }
>;

function owedNow(request: Request, now: Instant): OwedEffect | undefined {
  const { seq, visibleSeq } = request;
  return outstanding(request, { committedSeq: seq, shownSeq: visibleSeq }, now).find(isPaid);
}

/** What is shown and told is nobody's business here. */
function isPaid(effect: Effect): effect is OwedEffect {
  return (
    effect.type === 'start-escalation' ||
    effect.type === 'escalate-access' ||
    effect.type === 'deescalate-access' ||
    effect.type === 'run-action' ||
    effect.type === 'run-hook'
  );
}

function outcomeOf(effect: OwedEffect, { flow }: Request, world: World): Command {
  const { access, actions } = world;
  switch (effect.type) {
    case 'start-escalation':
      return { type: 'start-escalation' };
    case 'escalate-access':
      return access === 'fails'
        ? { type: 'note-escalation-failed', error: 'The scenario says that access cannot be given.' }
        : { type: 'note-escalated', verified: 'read-back' };
    case 'deescalate-access':
      return { type: 'note-deescalated', verified: 'read-back', holds: effect.grant.before, neededBy: [] };
    case 'run-hook': {
      const { owed, code, event } = effect;
      return { type: 'note-hook', owed, came: saidBy(world, { flow, code, hook: owed.hook, event }) };
    }
    case 'run-action': {
      const { index, action } = effect;
      if (actions[action.name] !== 'fails') return { type: 'note-action-finished', index };
      const error = 'The scenario says that it cannot be run.';
      return { type: 'note-action-failed', index, error, gaveUp: true, attempts: 1 };
    }
    default:
      return effect satisfies never;
  }
}
