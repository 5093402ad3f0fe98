// Slack's block elements: buttons, menus, inputs. https://docs.slack.dev/reference/block-kit/block-elements
import { isDeepStrictEqual } from 'node:util';
import { asList, isJson, type Json } from '../json.ts';
import {
  anyText,
  boxOption,
  confirm,
  dispatchActionConfig,
  filter,
  option,
  optionGroups,
  options,
  overflowOption,
  plainText,
} from './objects.ts';
import { both, byType, flag, list, oneOf, rule, shape, text, textLike, whole, type Check } from './shape.ts';

const type: Check = text(100);
const id: Check = text(255);
const userId: Check = textLike(/^[UW][A-Z0-9]{2,}$/, 'a user id');
const conversationId: Check = textLike(/^[CDG][A-Z0-9]{2,}$/, 'a conversation id');
const decimal: Check = textLike(/^-?\d+(\.\d+)?$/, 'a number');

const actionable = { action_id: id };
const confirmable = { ...actionable, confirm };
const focusable = { ...confirmable, focus_on_load: flag };
const menu = { ...focusable, placeholder: plainText(150) };
const multiMenu = { ...menu, max_selected_items: whole(1) };
const typed = {
  ...actionable,
  placeholder: plainText(150),
  focus_on_load: flag,
  dispatch_action_config: dispatchActionConfig,
};

const button: Check = shape(
  { type, text: plainText(75) },
  {
    ...confirmable,
    url: text(3000),
    value: text(2000),
    style: oneOf('primary', 'danger'),
    accessibility_label: text(75),
  },
);

/** What is chosen at first has to be there, to the letter. */
const initialIsThere: Check = rule('initial option must match one of the options', (element) => {
  const all = [...asList(element['options']), ...asList(element['option_groups']).flatMap(groupOptions)];
  const chosen = element['initial_option'] === undefined ? [] : [element['initial_option']];
  return [...chosen, ...asList(element['initial_options'])].every((each) =>
    all.some((one) => isDeepStrictEqual(one, each)),
  );
});

function groupOptions(group: Json): readonly Json[] {
  return asList(group['options']);
}

const eitherOptionsOrGroups: Check = rule(
  'must define either options or option_groups',
  (element) => (element['options'] === undefined) !== (element['option_groups'] === undefined),
);

const noMoreThanAllowed: Check = rule('no more initial items than max_selected_items allowed', (element) => {
  const most = element['max_selected_items'];
  const initial = Object.entries(element).find(([key]) => key.startsWith('initial_'))?.[1];
  return typeof most !== 'number' || !Array.isArray(initial) || initial.length <= most;
});

const optionValuesDiffer: Check = rule('option values must be unique', (element) => {
  const all = [...asList(element['options']), ...asList(element['option_groups']).flatMap(groupOptions)];
  return new Set(all.map((each) => each['value'])).size === all.length;
});

const staticSelect: Check = both(
  shape({ type }, { ...menu, options, option_groups: optionGroups, initial_option: option }),
  eitherOptionsOrGroups,
  initialIsThere,
  optionValuesDiffer,
);

const multiStaticSelect: Check = both(
  shape(
    { type },
    {
      ...multiMenu,
      options,
      option_groups: optionGroups,
      initial_options: list(option, { least: 1, most: 100 }),
    },
  ),
  eitherOptionsOrGroups,
  initialIsThere,
  optionValuesDiffer,
  noMoreThanAllowed,
);

const plainTextInput: Check = both(
  shape(
    { type },
    {
      ...typed,
      initial_value: text(3000, 0),
      multiline: flag,
      min_length: whole(0, 3000),
      max_length: whole(1, 3000),
    },
  ),
  rule('min_length must be less than or equal to max_length', ({ min_length, max_length }) =>
    typeof min_length === 'number' && typeof max_length === 'number' ? min_length <= max_length : true,
  ),
  rule('initial_value must be within min_length and max_length', ({ initial_value, max_length }) =>
    typeof initial_value === 'string' && typeof max_length === 'number'
      ? initial_value.length <= max_length
      : true,
  ),
);

const numberInput: Check = both(
  shape(
    { type, is_decimal_allowed: flag },
    { ...typed, initial_value: decimal, min_value: decimal, max_value: decimal },
  ),
  rule('min_value must be less than or equal to max_value', ({ min_value, max_value }) =>
    min_value === undefined || max_value === undefined ? true : Number(min_value) <= Number(max_value),
  ),
);

const radioButtons: Check = both(
  shape(
    { type, options: list(boxOption, { least: 1, most: 10 }) },
    { ...focusable, initial_option: boxOption },
  ),
  initialIsThere,
  optionValuesDiffer,
);

const checkboxes: Check = both(
  shape(
    { type, options: list(boxOption, { least: 1, most: 10 }) },
    { ...focusable, initial_options: list(boxOption, { least: 1, most: 10 }) },
  ),
  initialIsThere,
  optionValuesDiffer,
);

export const image: Check = both(
  shape(
    { type, alt_text: text(2000) },
    { image_url: text(3000), slack_file: shape({}, { id: text(255), url: text(3000) }) },
  ),
  rule('must define either image_url or slack_file', (value) =>
    isJson(value) ? (value['image_url'] === undefined) !== (value['slack_file'] === undefined) : false,
  ),
);

const selects: Readonly<Record<string, Check>> = {
  static_select: staticSelect,
  external_select: shape({ type }, { ...menu, initial_option: option, min_query_length: whole(0) }),
  users_select: shape({ type }, { ...menu, initial_user: userId }),
  conversations_select: shape(
    { type },
    {
      ...menu,
      initial_conversation: conversationId,
      default_to_current_conversation: flag,
      response_url_enabled: flag,
      filter,
    },
  ),
  channels_select: shape({ type }, { ...menu, initial_channel: conversationId, response_url_enabled: flag }),
  multi_static_select: multiStaticSelect,
  multi_external_select: both(
    shape(
      { type },
      { ...multiMenu, initial_options: list(option, { least: 1, most: 100 }), min_query_length: whole(0) },
    ),
    noMoreThanAllowed,
  ),
  multi_users_select: both(
    shape({ type }, { ...multiMenu, initial_users: list(userId, { least: 1, most: 100 }) }),
    noMoreThanAllowed,
  ),
  multi_conversations_select: both(
    shape(
      { type },
      {
        ...multiMenu,
        initial_conversations: list(conversationId, { least: 1, most: 100 }),
        default_to_current_conversation: flag,
        filter,
      },
    ),
    noMoreThanAllowed,
  ),
  multi_channels_select: both(
    shape({ type }, { ...multiMenu, initial_channels: list(conversationId, { least: 1, most: 100 }) }),
    noMoreThanAllowed,
  ),
};

const pickers: Readonly<Record<string, Check>> = {
  radio_buttons: radioButtons,
  checkboxes,
  datepicker: shape(
    { type },
    { ...menu, initial_date: textLike(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'YYYY-MM-DD') },
  ),
  timepicker: shape(
    { type },
    { ...menu, initial_time: textLike(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:mm'), timezone: text(100) },
  ),
};

const datetimepicker: Readonly<Record<string, Check>> = {
  datetimepicker: shape({ type }, { ...focusable, initial_date_time: whole(1_000_000_000, 9_999_999_999) }),
};

const pressed: Readonly<Record<string, Check>> = {
  button,
  overflow: shape({ type, options: list(overflowOption, { least: 1, most: 5 }) }, confirmable),
};

const inputsOfForms: Readonly<Record<string, Check>> = {
  number_input: numberInput,
  email_text_input: shape({ type }, { ...typed, initial_value: text(3000) }),
  url_text_input: shape({ type }, { ...typed, initial_value: text(3000) }),
};

export type Surface = 'message' | 'modal' | 'home';

/** What may stand in an actions block. */
export function actionElement(surface: Surface): Check {
  return byType({ ...pressed, ...selects, ...pickers, ...(surface === 'home' ? {} : datetimepicker) });
}

/** What may stand beside the text of a section. */
export const accessory: Check = byType({ ...pressed, ...selects, ...pickers, image });

/** What may stand in an input block; numbers and addresses in forms alone. */
export function inputElement(surface: Surface): Check {
  return byType({
    ...selects,
    ...pickers,
    plain_text_input: plainTextInput,
    ...(surface === 'home' ? {} : datetimepicker),
    ...(surface === 'modal' ? inputsOfForms : {}),
  });
}

export const contextElement: Check = (value, at) =>
  isJson(value) && value['type'] === 'image' ? image(value, at) : anyText(3000)(value, at);
