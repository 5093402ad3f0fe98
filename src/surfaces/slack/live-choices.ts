// Options that are read live, for a form on Slack: what is offered as somebody types, and whether what they chose is still offered.
import { answersSoFar } from '../../domain/form.ts';
import type { RawForm } from '../../domain/commands.ts';
import { isUnknown, type OptionsQuestion } from '../../domain/facts.ts';
import type { FieldValues, Flow } from '../../domain/flow.ts';
import type { LiveField, LiveOptions } from '../../domain/live-options.ts';
import type { DeskId, Milliseconds, PersonId } from '../../domain/names.ts';
import type { Clock, OptionLists } from '../../engine/ports.ts';
import type { Choice } from './choice.ts';

export interface LivePlace {
  readonly desk: DeskId;
  readonly person: PersonId;
  readonly flow: Flow;
}

export interface LiveChoices {
  /** For a list that is searched; empty where they cannot be read, or depend on what is not answered yet. */
  offered(place: LivePlace, field: LiveField, form: RawForm): Promise<readonly Choice[]>;
  /** To check a form by. What cannot be had in a moment is left to the decision. */
  now(place: LivePlace, form: RawForm): Promise<LiveOptions>;
}

/** Slack waits three seconds for options, and for a form that was sent. */
const listWithin: Milliseconds = 2_500;
const checkWithin: Milliseconds = 1_000;

export function createLiveChoices({
  options,
  clock,
}: {
  readonly options: OptionLists;
  readonly clock: Clock;
}): LiveChoices {
  async function within<T>(ms: Milliseconds, work: Promise<T>): Promise<T | undefined> {
    const enough = new AbortController();
    const found = await Promise.race([work, clock.sleep(ms, enough.signal).then(() => undefined)]);
    enough.abort();
    return found;
  }

  return {
    async offered({ desk, person, flow }, field, form) {
      const question = questionOf({ desk, person }, field, answersSoFar(flow, form));
      const found = question && (await within(listWithin, options.lately(question)));
      return found === undefined || isUnknown(found) ? [] : found;
    },
    async now({ desk, person, flow }, form) {
      const values = answersSoFar(flow, form);
      const asked = flow.fields
        .filter(isLive)
        .filter(({ name }) => values[name] !== undefined)
        .flatMap((field) => questionOf({ desk, person }, field, values) ?? []);
      const found = await within(
        checkWithin,
        Promise.all(asked.map(async (question) => [question.field, await options.now(question)] as const)),
      );
      const known = new Map(found?.filter(([, answer]) => !isUnknown(answer)));
      return ({ name }) => known.get(name);
    },
  };
}

export function isLive(field: Flow['fields'][number]): field is LiveField {
  return field.optionsFrom !== undefined;
}

/** Undefined while something that it depends on is not answered. */
function questionOf(
  { desk, person }: Pick<LivePlace, 'desk' | 'person'>,
  { name, optionsFrom: source }: LiveField,
  values: FieldValues,
): OptionsQuestion | undefined {
  const read = source.reads.flatMap((each) => {
    const value = values[each];
    return value === undefined ? [] : [[each, value] as const];
  });
  if (read.length < source.reads.length) return undefined;
  return { desk, field: name, source, requester: person, fields: Object.fromEntries(read) };
}
