// Options that are read live, for a form on Slack: what is offered as somebody types, and whether what they chose is still offered.
import type { PlainTextOption } from '@slack/web-api';
import type { RawForm } from '../../domain/commands.ts';
import { isUnknown, type OptionsQuestion } from '../../domain/facts.ts';
import type { Flow } from '../../domain/flow.ts';
import { answersSoFar } from '../../domain/form.ts';
import { isLive, toldOf, type LiveField, type LiveOptions } from '../../domain/live-options.ts';
import type { DeskId, Milliseconds, PersonId } from '../../domain/names.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { OptionLists } from '../../engine/ports/flows.ts';
import { matching } from './choice.ts';

export interface LivePlace {
  readonly desk: DeskId;
  readonly person: PersonId;
  readonly flow: Flow;
}

export interface LiveChoices {
  /** For a list that is searched. Where there is nothing to choose, the only entry says why, and is no answer. */
  found(
    place: LivePlace,
    field: LiveField,
    typed: { readonly form: RawForm; readonly query: string },
  ): Promise<PlainTextOption[]>;
  /** To check a form by. What cannot be had in a moment is left to the decision. */
  now(place: LivePlace, form: RawForm): Promise<LiveOptions>;
}

/** Slack waits three seconds for options, and for a form that was sent. */
const listWithin: Milliseconds = 2_000;
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
    try {
      return await Promise.race([work, clock.sleep(ms, enough.signal).then(() => undefined)]);
    } finally {
      enough.abort();
    }
  }

  return {
    async found(place, field, { form, query }) {
      const asked = toldOf(place.flow, field, answersSoFar(place.flow, form));
      if ('open' in asked)
        return onlyWords(`Answer first: ${asked.open.map(({ label }) => label).join(', ')}`);
      const found = await within(listWithin, options.lately(questionOf(place, field, asked.told)));
      if (found === undefined) return onlyWords('This takes long. Type again to look again.');
      if (isUnknown(found)) return onlyWords('This cannot be read now. If it stays so, tell an admin.');
      return matching(found, query);
    },
    async now(place, form) {
      const answers = answersSoFar(place.flow, form);
      const asked = place.flow.fields.filter(isLive).flatMap((field) => {
        const told = toldOf(place.flow, field, answers);
        return answers[field.name] === undefined || 'open' in told
          ? []
          : [questionOf(place, field, told.told)];
      });
      const found = await within(
        checkWithin,
        Promise.all(asked.map(async (question) => [question.field, await options.now(question)] as const)),
      );
      const known = new Map(found);
      return ({ name }) => known.get(name);
    },
  };
}

function questionOf(
  { desk, person }: LivePlace,
  { name, optionsFrom: source }: LiveField,
  told: OptionsQuestion['told'],
): OptionsQuestion {
  return { desk, field: name, source, requester: person, told };
}

/** No source offers double braces, so that this is never an answer. */
function onlyWords(label: string): PlainTextOption[] {
  return matching([{ value: '{{nothing}}', label }], '');
}
