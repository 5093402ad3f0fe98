// What runs once a request is approved, filled in when it is asked for: what the card shows then is what is called later.
import { answerFor, fillSettings, type Answers } from './fill-settings.ts';
import type { Action, ActionOffer, FieldValues, Flow, SettingValue } from './flow.ts';
import type { PersonId, RequestId } from './names.ts';
import { actionKey } from './request.ts';

/** More than any call needs, in characters of all its texts together. */
export const maxActionLength = 60_000;

/** What may be filled in. */
export interface ActionValues {
  readonly request: RequestId;
  readonly requester: { readonly person: PersonId; readonly name: string };
  readonly fields: FieldValues;
}

/** `tooLong`: the name of the first of them that would be. */
export type ActionPlan = { readonly actions: readonly Action[] } | { readonly tooLong: string };

export function planActions(flow: Flow, values: ActionValues): ActionPlan {
  const answers = answersOf(flow, values);
  const actions = (flow.actions ?? []).map((offer, index) =>
    planned(offer, new Map([...answers, ['action.key', actionKey(values.request, index)]])),
  );
  const tooLong = actions.find(({ with: filled }) => JSON.stringify(filled).length > maxActionLength);
  return tooLong ? { tooLong: tooLong.name } : { actions };
}

function answersOf({ fields }: Flow, { request, requester, fields: given }: ActionValues): Answers {
  const answers = fields.flatMap((field) => {
    const value = given[field.name];
    return value === undefined ? [] : [[`fields.${field.name}`, answerFor(field, value)] as const];
  });
  return new Map<string, SettingValue>([
    ...answers,
    ['request.id', request],
    ['requester.id', requester.person],
    ['requester.name', requester.name],
  ]);
}

function planned({ encoded = [], ...offer }: ActionOffer, answers: Answers): Action {
  return { ...offer, with: fillSettings(offer.with, { answers, encoded }) };
}
