// What runs once a request is approved, filled in when it is asked for: what the card shows then is what is called later.
import { printDuration } from './duration.ts';
import type {
  Action,
  ActionOffer,
  Field,
  FieldValue,
  FieldValues,
  Flow,
  Settings,
  SettingValue,
} from './flow.ts';
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

/** What stands in a place, by its name. A field without an answer is not here. */
type Answers = ReadonlyMap<string, SettingValue>;

function answersOf({ fields }: Flow, { request, requester, fields: given }: ActionValues): Answers {
  const answers = fields.flatMap((field) => {
    const value = given[field.name];
    return value === undefined ? [] : [[`fields.${field.name}`, typed(field, value)] as const];
  });
  return new Map<string, SettingValue>([
    ...answers,
    ['request.id', request],
    ['requester.id', requester.person],
    ['requester.name', requester.name],
  ]);
}

/** As a machine reads it: a duration as it is written, all else as JSON has it. */
function typed({ type }: Field, value: FieldValue): SettingValue {
  if (type === 'duration' && typeof value === 'number') return printDuration(value);
  return typeof value === 'object' ? value.map(String) : value;
}

function planned({ encoded: paths = [], ...offer }: ActionOffer, answers: Answers): Action {
  const filled = Object.entries(offer.with).flatMap(([key, value]) => {
    const inner = paths.includes(key) ? fillPath(value, answers) : fill(value, answers);
    return inner === undefined ? [] : [[key, inner] as const];
  });
  return { ...offer, with: Object.fromEntries(filled) };
}

const place = /\$\{\{\s*((?:fields|request|requester|action)\.[A-Za-z][A-Za-z0-9_]*)\s*\}\}/g;
const onlyPlace = /^\$\{\{\s*((?:fields|request|requester|action)\.[A-Za-z][A-Za-z0-9_]*)\s*\}\}$/;

/** A text that is nothing but one field keeps its type; undefined where that has no answer: then there is nothing to say. */
function fill(value: SettingValue, answers: Answers): SettingValue | undefined {
  if (typeof value === 'string') {
    const [, only] = onlyPlace.exec(value) ?? [];
    return only === undefined ? fillText(value, answers) : answers.get(only);
  }
  if (typeof value !== 'object') return value;
  if (isList(value)) return value.map((text) => fillText(text, answers));
  return fillMap(value, answers);
}

function fillMap(map: Settings, answers: Answers): Settings {
  return Object.fromEntries(
    Object.entries(map).flatMap(([key, inner]) => {
      const filled = fill(inner, answers);
      return filled === undefined ? [] : [[key, filled] as const];
    }),
  );
}

/** What people typed is put in once, and never read as a place itself. */
function fillText(text: string, answers: Answers): string {
  return text.replace(place, (_, name: string) => print(answers.get(name)));
}

function fillPath(value: SettingValue, answers: Answers): SettingValue {
  if (typeof value !== 'string') return value;
  return value.replace(place, (_, name: string) => encoded(print(answers.get(name))));
}

/** Half a character cannot be encoded, and is none. */
function encoded(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Cs}/gu, '\u{FFFD}'));
}

function print(value: SettingValue = ''): string {
  return typeof value === 'object' && isList(value) ? value.join(',') : String(value);
}

function isList(value: object): value is readonly string[] {
  return Array.isArray(value);
}
