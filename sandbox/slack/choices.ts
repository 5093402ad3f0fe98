// What somebody chooses or types in an element, as Slack checks it and writes it into `state.values` and `actions`.
import { asJson, asList, asText, type Json } from './json.ts';

/** A text, an option's value, an id, a date; several for menus of several; null to empty it. */
export type Choice = string | readonly string[] | null;

export type Chosen = { readonly value: Json } | { readonly wrong: string };

/** `offered`: what the app suggested for this element, where it loads its options. */
export function choose(element: Json, choice: Choice, offered: readonly Json[]): Chosen {
  const type = asText(element['type']) ?? '';
  const many: readonly string[] = typeof choice === 'string' ? [choice] : (choice ?? []);
  const [one = null] = many;
  if (type.startsWith('multi_') || type === 'checkboxes') {
    const most = element['max_selected_items'];
    if (typeof most === 'number' && many.length > most) return { wrong: `Select no more than ${most}.` };
  } else if (many.length > 1) {
    return { wrong: 'Only one can be selected.' };
  }
  switch (type) {
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
      return typed(element, type, one);
    case 'static_select':
    case 'radio_buttons':
    case 'overflow':
    case 'external_select':
      return one === null
        ? { value: { type, selected_option: null } }
        : fromOptions(element, [one], offered, ([option]) => ({ type, selected_option: option }));
    case 'multi_static_select':
    case 'multi_external_select':
    case 'checkboxes':
      return fromOptions(element, many, offered, (options) => ({ type, selected_options: options }));
    case 'users_select':
      return { value: { type, selected_user: one } };
    case 'multi_users_select':
      return { value: { type, selected_users: many } };
    case 'conversations_select':
      return { value: { type, selected_conversation: one } };
    case 'multi_conversations_select':
      return { value: { type, selected_conversations: many } };
    case 'channels_select':
      return { value: { type, selected_channel: one } };
    case 'multi_channels_select':
      return { value: { type, selected_channels: many } };
    case 'datepicker':
      return { value: { type, selected_date: one } };
    case 'timepicker':
      return { value: { type, selected_time: one } };
    case 'datetimepicker':
      return { value: { type, selected_date_time: one === null ? null : Number(one) } };
    default:
      return { wrong: `Nothing can be chosen in a ${type}.` };
  }
}

/** Whether a value that is needed is there. */
export function isEmpty(value: Json | undefined): boolean {
  const inside = Object.entries(value ?? {}).find(([key]) => key !== 'type')?.[1];
  return (
    inside === undefined || inside === null || inside === '' || (Array.isArray(inside) && inside.length === 0)
  );
}

export function optionsOf(holder: Json): readonly Json[] {
  return [
    ...asList(holder['options']),
    ...asList(holder['option_groups']).flatMap((group) => asList(group['options'])),
  ];
}

function fromOptions(
  element: Json,
  wanted: readonly string[],
  offered: readonly Json[],
  value: (options: readonly Json[]) => Json,
): Chosen {
  const initial = [asJson(element['initial_option']), ...asList(element['initial_options'])];
  const all = [...optionsOf(element), ...offered, ...initial];
  const found = wanted.map((each) => all.find((option) => option['value'] === each));
  const missing = wanted.find((_, index) => found[index] === undefined);
  if (missing !== undefined) return { wrong: `There is no option ${missing}.` };
  return { value: value(found.flatMap((option) => (option ? [option] : []))) };
}

function typed(element: Json, type: string, text: string | null): Chosen {
  if (text === null || text === '') return { value: { type, value: null } };
  const limit = (name: string): number | undefined =>
    typeof element[name] === 'number' ? element[name] : undefined;
  const most = limit('max_length') ?? 3000;
  const least = limit('min_length') ?? 0;
  if (text.length > most) return { wrong: `Please enter at most ${most} characters.` };
  if (text.length < least) return { wrong: `Please enter at least ${least} characters.` };
  if (type === 'number_input') return number(element, text);
  if (type === 'email_text_input' && !/^\S+@\S+\.\S+$/.test(text)) {
    return { wrong: 'Please enter a valid email address.' };
  }
  if (type === 'url_text_input' && !URL.canParse(text)) return { wrong: 'Please enter a valid URL.' };
  return { value: { type, value: text } };
}

function number(element: Json, text: string): Chosen {
  const isWhole = /^-?\d+$/.test(text);
  if (!isWhole && !(element['is_decimal_allowed'] === true && /^-?\d+\.\d+$/.test(text))) {
    return { wrong: 'Please enter a valid number.' };
  }
  const least = asText(element['min_value']);
  const most = asText(element['max_value']);
  if (least !== undefined && Number(text) < Number(least)) return { wrong: `Must be at least ${least}.` };
  if (most !== undefined && Number(text) > Number(most)) return { wrong: `Must be at most ${most}.` };
  return { value: { type: 'number_input', value: text } };
}
