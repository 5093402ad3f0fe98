// Slack's composition objects: texts, options, confirmations. https://docs.slack.dev/reference/block-kit/composition-objects
import { both, byType, flag, list, oneOf, rule, shape, text, type Check } from './shape.ts';

const type: Check = text(100);

export function plainText(most: number): Check {
  return byType({ plain_text: shape({ type, text: text(most) }, { emoji: flag }) });
}

export function anyText(most: number): Check {
  return byType({
    plain_text: shape({ type, text: text(most) }, { emoji: flag }),
    mrkdwn: shape({ type, text: text(most) }, { verbatim: flag }),
  });
}

export const confirm: Check = shape(
  { title: plainText(100), text: anyText(300), confirm: plainText(30), deny: plainText(30) },
  { style: oneOf('primary', 'danger') },
);

const optionText = 75;
const optionValue = 150;

/** Of select menus: plain text alone. */
export const option: Check = shape(
  { text: plainText(optionText), value: text(optionValue) },
  { description: plainText(optionText) },
);

/** Of radio buttons and checkboxes: formatted too. */
export const boxOption: Check = shape(
  { text: anyText(optionText), value: text(optionValue) },
  { description: anyText(optionText) },
);

export const overflowOption: Check = shape(
  { text: plainText(optionText), value: text(optionValue) },
  { description: plainText(optionText), url: text(3000) },
);

export const options: Check = list(option, { least: 1, most: 100 });

export const optionGroups: Check = list(
  shape({ label: plainText(75), options: list(option, { least: 1, most: 100 }) }),
  { least: 1, most: 100 },
);

/** What a suggestion may answer: one of the two, and either may be empty. */
export const suggestions: Check = both(
  shape(
    {},
    {
      options: list(option, { most: 100 }),
      option_groups: list(shape({ label: plainText(75), options: list(option, { most: 100 }) }), {
        most: 100,
      }),
    },
  ),
  rule(
    'must define either options or option_groups',
    (answer) => (answer['options'] === undefined) !== (answer['option_groups'] === undefined),
  ),
);

export const filter: Check = both(
  shape(
    {},
    {
      include: list(oneOf('im', 'mpim', 'private', 'public'), { least: 1, most: 4 }),
      exclude_external_shared_channels: flag,
      exclude_bot_users: flag,
    },
  ),
  rule('must have at least one property', (value) => Object.keys(value).length > 0),
);

export const dispatchActionConfig: Check = shape(
  {},
  {
    trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), { least: 1, most: 2 }),
  },
);
