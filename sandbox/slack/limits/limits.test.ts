import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkMessage, checkMetadata } from './message.ts';
import { checkSuggestions, checkView } from './view.ts';

const plain = (text: string): unknown => ({ type: 'plain_text', text });
const mrkdwn = (text: string): unknown => ({ type: 'mrkdwn', text });
const x = (count: number): string => 'x'.repeat(count);
const section = (text: string): object => ({ type: 'section', text: mrkdwn(text) });
const option = (value: string): object => ({ text: plain(value), value });
const button = (more: object = {}): object => ({
  type: 'button',
  text: plain('Press'),
  action_id: 'a',
  ...more,
});
const actions = (...elements: readonly object[]): object => ({ type: 'actions', elements });
const input = (element: object, more: object = {}): object => ({
  type: 'input',
  label: plain('Label'),
  element: { action_id: 'a', ...element },
  ...more,
});
const modal = (blocks: readonly object[], more: object = {}): object => ({
  type: 'modal',
  title: plain('Title'),
  submit: plain('Go'),
  blocks,
  ...more,
});

/** The sentences about these blocks, in a message; in a form, without `/view` before each pointer. */
function said(blocks: readonly unknown[], surface: 'message' | 'modal' | 'home' = 'message'): string[] {
  const problem =
    surface === 'message'
      ? checkMessage({ text: 'x', blocks })
      : checkView(surface === 'home' ? { type: 'home', blocks } : { ...modal([]), blocks }, surface);
  return (problem?.messages ?? []).map((message) => message.replace('[json-pointer:/view', '[json-pointer:'));
}

/** What Slack takes up to a length, and not beyond: made with that many characters. */
const lengths: ReadonlyArray<
  readonly [string, number, string, (text: string) => object, 'message' | 'modal']
> = [
  ['text of a section', 3000, '/blocks/0/text/text', section, 'message'],
  ['field', 2000, '/blocks/0/fields/0/text', (t) => ({ type: 'section', fields: [mrkdwn(t)] }), 'message'],
  ['header', 150, '/blocks/0/text/text', (t) => ({ type: 'header', text: plain(t) }), 'message'],
  ['block id', 255, '/blocks/0/block_id', (t) => ({ type: 'divider', block_id: t }), 'message'],
  ['action id', 255, '/blocks/0/elements/0/action_id', (t) => actions(button({ action_id: t })), 'message'],
  ['button', 75, '/blocks/0/elements/0/text/text', (t) => actions(button({ text: plain(t) })), 'message'],
  ['value of a button', 2000, '/blocks/0/elements/0/value', (t) => actions(button({ value: t })), 'message'],
  ['url of a button', 3000, '/blocks/0/elements/0/url', (t) => actions(button({ url: t })), 'message'],
  [
    'title of a confirmation',
    100,
    '/blocks/0/elements/0/confirm/title/text',
    (t) =>
      actions(
        button({ confirm: { title: plain(t), text: plain('x'), confirm: plain('x'), deny: plain('x') } }),
      ),
    'message',
  ],
  [
    'text of a confirmation',
    300,
    '/blocks/0/elements/0/confirm/text/text',
    (t) =>
      actions(
        button({ confirm: { title: plain('x'), text: plain(t), confirm: plain('x'), deny: plain('x') } }),
      ),
    'message',
  ],
  [
    'button of a confirmation',
    30,
    '/blocks/0/elements/0/confirm/deny/text',
    (t) =>
      actions(
        button({ confirm: { title: plain('x'), text: plain('x'), confirm: plain('x'), deny: plain(t) } }),
      ),
    'message',
  ],
  [
    'text of an option',
    75,
    '/blocks/0/elements/0/options/0/text/text',
    (t) => actions({ type: 'static_select', options: [{ text: plain(t), value: 'v' }] }),
    'message',
  ],
  [
    'value of an option',
    150,
    '/blocks/0/elements/0/options/0/value',
    (t) => actions({ type: 'overflow', options: [{ text: plain('x'), value: t }] }),
    'message',
  ],
  [
    'description of an option',
    75,
    '/blocks/0/elements/0/options/0/description/text',
    (t) => actions({ type: 'static_select', options: [{ ...option('v'), description: plain(t) }] }),
    'message',
  ],
  [
    'label of a group of options',
    75,
    '/blocks/0/elements/0/option_groups/0/label/text',
    (t) => actions({ type: 'static_select', option_groups: [{ label: plain(t), options: [option('v')] }] }),
    'message',
  ],
  [
    'placeholder',
    150,
    '/blocks/0/element/placeholder/text',
    (t) => input({ type: 'plain_text_input', placeholder: plain(t) }),
    'modal',
  ],
  ['label', 2000, '/blocks/0/label/text', (t) => input({ type: 'datepicker' }, { label: plain(t) }), 'modal'],
  ['hint', 2000, '/blocks/0/hint/text', (t) => input({ type: 'datepicker' }, { hint: plain(t) }), 'modal'],
  [
    'initial text',
    3000,
    '/blocks/0/element/initial_value',
    (t) => input({ type: 'plain_text_input', initial_value: t }),
    'modal',
  ],
];

test.each(lengths)('takes a %s of %i characters and not one more', (_name, most, at, make, surface) => {
  expect(said([make(x(most))], surface)).toEqual([]);
  expect(said([make(x(most + 1))], surface)).toEqual([
    `must be less than ${most + 1} characters [json-pointer:${at}]`,
  ]);
});

const counts: ReadonlyArray<readonly [string, number, string, (count: number) => object]> = [
  [
    'elements of an actions block',
    25,
    '/blocks/0/elements',
    (n) => actions(...each(n, (i) => button({ action_id: i }))),
  ],
  [
    'elements of a context block',
    10,
    '/blocks/0/elements',
    (n) => ({ type: 'context', elements: each(n, mrkdwn) }),
  ],
  ['fields', 10, '/blocks/0/fields', (n) => ({ type: 'section', fields: each(n, mrkdwn) })],
  [
    'options of an overflow',
    5,
    '/blocks/0/elements/0/options',
    (n) => actions({ type: 'overflow', options: each(n, option) }),
  ],
  [
    'radio buttons',
    10,
    '/blocks/0/elements/0/options',
    (n) => actions({ type: 'radio_buttons', options: each(n, option) }),
  ],
  [
    'checkboxes',
    10,
    '/blocks/0/elements/0/options',
    (n) => actions({ type: 'checkboxes', options: each(n, option) }),
  ],
  [
    'options of a menu',
    100,
    '/blocks/0/elements/0/options',
    (n) => actions({ type: 'static_select', options: each(n, option) }),
  ],
];

function each<Item>(count: number, make: (index: string) => Item): Item[] {
  return Array.from({ length: count }, (_, index) => make(`i${index}`));
}

test.each(counts)('takes so many %s (%i) and not one more', (_name, most, at, make) => {
  expect(said([make(most)])).toEqual([]);
  expect(said([make(most + 1)])).toEqual([`no more than ${most} items allowed [json-pointer:${at}]`]);
  expect(said([make(0)])).toEqual([`no fewer than 1 items allowed [json-pointer:${at}]`]);
});

test('a message has at most 50 blocks, a form and App Home 100', () => {
  const dividers = (count: number): object[] => each(count, () => ({ type: 'divider' }));
  expect(said(dividers(50))).toEqual([]);
  expect(said(dividers(51))).toEqual(['no more than 50 items allowed [json-pointer:/blocks]']);
  expect(said(dividers(100), 'home')).toEqual([]);
  expect(said(dividers(101), 'modal')).toEqual(['no more than 100 items allowed [json-pointer:/blocks]']);
});

test('what is missing, unknown, or of another kind is named with its place', () => {
  expect(said([{ type: 'section' }])).toEqual(['must define text or fields [json-pointer:/blocks/0]']);
  expect(said([{ type: 'sections' }])).toEqual(['unsupported type: sections [json-pointer:/blocks/0/type]']);
  expect(said([{ text: 'x' }])).toEqual(['missing required field: type [json-pointer:/blocks/0]']);
  expect(said([{ ...section('x'), colour: 'red' }])).toEqual([
    'invalid additional property: colour [json-pointer:/blocks/0]',
  ]);
  expect(said([{ type: 'header', text: mrkdwn('x') }])).toEqual([
    'unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]',
  ]);
  expect(said([section('')])).toEqual(['must be more than 0 characters [json-pointer:/blocks/0/text/text]']);
  expect(said([actions(button({ style: 'default' }))])).toEqual([
    'must be a valid enum value [json-pointer:/blocks/0/elements/0/style]',
  ]);
  expect(said([{ type: 'context', elements: [button()] }])).toEqual([
    'unsupported type: button [json-pointer:/blocks/0/elements/0/type]',
  ]);
  expect(said([actions({ type: 'plain_text_input' })])).toEqual([
    'unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]',
  ]);
});

test('ids of blocks differ in all of it, ids of actions in their block', () => {
  const twice = { type: 'divider', block_id: 'b' };
  expect(said([twice, twice])).toEqual(['block_id already exists: b [json-pointer:/blocks/1/block_id]']);
  expect(said([actions(button(), button())])).toEqual([
    'action_id already exists: a [json-pointer:/blocks/0/elements/1/action_id]',
  ]);
  expect(said([actions(button()), actions(button())])).toEqual([]);
});

test('what is chosen at first is one of the options, to the letter', () => {
  const select = (initial: object): object =>
    actions({ type: 'static_select', options: [option('one'), option('two')], initial_option: initial });
  expect(said([select(option('two'))])).toEqual([]);
  expect(said([select({ text: plain('Two'), value: 'two' })])).toEqual([
    'initial option must match one of the options [json-pointer:/blocks/0/elements/0]',
  ]);
});

test('a menu has options or groups of them, and not both', () => {
  const groups = [{ label: plain('g'), options: [option('other')] }];
  const wrong = ['must define either options or option_groups [json-pointer:/blocks/0/elements/0]'];
  expect(said([actions({ type: 'static_select' })])).toEqual(wrong);
  expect(said([actions({ type: 'static_select', options: [option('v')], option_groups: groups })])).toEqual(
    wrong,
  );
  expect(said([actions({ type: 'static_select', option_groups: groups })])).toEqual([]);
});

test('every element that asks stands where Slack lets it', () => {
  const elements: object[] = [
    { type: 'plain_text_input', multiline: true, min_length: 0, max_length: 3000 },
    { type: 'number_input', is_decimal_allowed: false, min_value: '1', max_value: '9' },
    { type: 'static_select', options: [option('v')], placeholder: plain('Choose') },
    { type: 'external_select', min_query_length: 0, initial_option: option('v') },
    { type: 'multi_static_select', options: [option('v')], max_selected_items: 1 },
    { type: 'multi_external_select', min_query_length: 2 },
    { type: 'users_select', initial_user: 'U07ANN000' },
    { type: 'multi_users_select', initial_users: ['U07ANN000'] },
    { type: 'conversations_select', default_to_current_conversation: true, filter: { include: ['public'] } },
    { type: 'multi_conversations_select' },
    { type: 'radio_buttons', options: [{ text: mrkdwn('*v*'), value: 'v' }] },
    { type: 'checkboxes', options: [option('v')], initial_options: [option('v')] },
    { type: 'datepicker', initial_date: '2026-03-02' },
    { type: 'timepicker', initial_time: '09:30' },
  ];
  for (const element of elements) expect(said([input(element)], 'modal')).toEqual([]);
  expect(said([input({ type: 'number_input', is_decimal_allowed: false })])).toEqual([
    'unsupported type: number_input [json-pointer:/blocks/0/element/type]',
  ]);
  expect(said([input({ type: 'number_input' })], 'modal')).toEqual([
    'missing required field: is_decimal_allowed [json-pointer:/blocks/0/element]',
  ]);
  expect(said([input({ type: 'datepicker', initial_date: '2.3.2026' })], 'modal')).toHaveLength(1);
  expect(said([input({ type: 'users_select', initial_user: 'ann' })], 'modal')).toHaveLength(1);
  expect(said([input({ type: 'plain_text_input', min_length: 5, max_length: 4 })], 'modal')).toEqual([
    'min_length must be less than or equal to max_length [json-pointer:/blocks/0/element]',
  ]);
});

test('only one element takes the focus', () => {
  const focused = (id: string): object =>
    input({ type: 'datepicker', focus_on_load: true }, { block_id: id });
  expect(said([focused('a')], 'modal')).toEqual([]);
  expect(said([focused('a'), focused('b')], 'modal')).toEqual([
    'only one element may have focus_on_load [json-pointer:/blocks]',
  ]);
});

test('rich text is paragraphs, lists, quotes and code', () => {
  const text = { type: 'text', text: 'x', style: { bold: true } };
  const paragraph = { type: 'rich_text_section', elements: [text, { type: 'user', user_id: 'U07ANN000' }] };
  const elements = [
    paragraph,
    { type: 'rich_text_list', style: 'bullet', elements: [paragraph] },
    { type: 'rich_text_quote', elements: [text] },
    { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'code' }] },
  ];
  expect(said([{ type: 'rich_text', elements }])).toEqual([]);
  expect(said([{ type: 'rich_text', elements: [text] }])).toEqual([
    'unsupported type: text [json-pointer:/blocks/0/elements/0/type]',
  ]);
});

test('a form has its own lengths, and a button where there is something to fill in', () => {
  const view = (more: object): unknown => checkView(modal([section('x')], more), 'modal');
  expect(view({ title: plain(x(24)), close: plain(x(24)), submit: plain(x(24)) })).toBeNull();
  for (const key of ['title', 'close', 'submit']) {
    expect(view({ [key]: plain(x(25)) })).toEqual({
      error: 'invalid_arguments',
      messages: [`must be less than 25 characters [json-pointer:/view/${key}/text]`],
    });
  }
  for (const [key, most] of Object.entries({ private_metadata: 3000, callback_id: 255, external_id: 255 })) {
    expect(view({ [key]: x(most) })).toBeNull();
    expect(view({ [key]: x(most + 1) })).toMatchObject({
      messages: [`must be less than ${most + 1} characters [json-pointer:/view/${key}]`],
    });
  }
  const { submit: _, ...unsubmittable } = { submit: null, ...modal([input({ type: 'datepicker' })]) };
  expect(checkView(unsubmittable, 'modal')).toMatchObject({
    messages: ['missing required field: submit [json-pointer:/view]'],
  });
  expect(checkView({ type: 'home', title: plain('x'), blocks: [] }, 'home')).toMatchObject({
    messages: ['invalid additional property: title [json-pointer:/view]'],
  });
  const large = each(100, () => ({ type: 'section', fields: each(10, () => mrkdwn(x(2000))) }));
  expect(checkView(modal(large), 'modal')).toEqual({ error: 'view_too_large', messages: [] });
});

test('a message has a text or blocks, and is not too long in all', () => {
  expect(checkMessage({})).toEqual({ error: 'no_text', messages: [] });
  expect(checkMessage({ text: '', blocks: [] })).toEqual({ error: 'no_text', messages: [] });
  expect(checkMessage({ text: x(40_000) })).toBeNull();
  expect(checkMessage({ text: x(40_001) })).toEqual({ error: 'msg_too_long', messages: [] });
  const four = [x(3000), x(3000), x(3000), x(3000)].map(section);
  expect(checkMessage({ text: 'x', blocks: four })).toBeNull();
  expect(checkMessage({ text: 'x', blocks: [...four, section(x(1000))] })).toEqual({
    error: 'msg_blocks_too_long',
    messages: [],
  });
});

test('metadata has a type and a payload, and is small', () => {
  expect(checkMetadata({ event_type: 'countersign_card', event_payload: { request: 1 } })).toBeNull();
  expect(checkMetadata('text')).toMatchObject({ error: 'invalid_metadata_format' });
  expect(checkMetadata({ event_type: 'with space', event_payload: {} })).toMatchObject({
    error: 'invalid_metadata_schema',
  });
  expect(checkMetadata({ event_type: 'a', event_payload: { text: x(8000) } })).toMatchObject({
    error: 'metadata_too_large',
  });
});

test('options that are suggested are at most 100, or groups', () => {
  expect(checkSuggestions({ options: [] })).toBeNull();
  expect(checkSuggestions({ options: each(100, option) })).toBeNull();
  expect(checkSuggestions({ options: each(101, option) })).toMatchObject({
    messages: ['no more than 100 items allowed [json-pointer:/options]'],
  });
  expect(checkSuggestions({ option_groups: [{ label: plain('g'), options: [] }] })).toBeNull();
  expect(checkSuggestions({})).toMatchObject({
    messages: ['must define either options or option_groups [json-pointer:]'],
  });
});

test('nothing that is sent makes a check break', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      checkMessage({ text: 'x', blocks: value });
      checkMessage({ text: 'x', blocks: [value, { type: 'section', text: value, accessory: value }] });
      checkView(value, 'modal');
      checkView({ type: 'home', blocks: [{ type: 'input', element: value, label: value }] }, 'home');
      checkMetadata(value);
      checkSuggestions(value);
    }),
  );
});
