/// <reference lib="dom" />
// The questions of a form: each kind of input, with its label, its hint, and what is wrong with it.
import { h } from './dom.ts';
import { inside, listIn, optionsIn, textIn, wordsIn, type Json } from './slack-json.ts';
import { picker, type Chosen, type Suggest } from './slack-picker.ts';

export interface InputParts {
  /** What the form holds of it. */
  readonly value: Json | undefined;
  /** What was typed since; undefined where nothing was. */
  readonly draft: Chosen | undefined;
  readonly error: string | undefined;
  readonly changed: (value: Chosen) => void;
  /** For an input that tells the app at once. */
  readonly dispatch: (value: Chosen) => void;
  readonly suggest: Suggest;
}

export function inputNode(block: Json, parts: InputParts): HTMLElement {
  const element = inside(block, 'element');
  const label = wordsIn(block, 'label');
  const hint = wordsIn(block, 'hint');
  const isGroup = element['type'] === 'radio_buttons' || element['type'] === 'checkboxes';
  const isAwaited = block['dispatch_action'] === true;
  const changed = (value: Chosen): void => {
    parts.changed(value);
    // A text is sent by Enter; everything else once it is chosen.
    if (isAwaited && !isTyped(element)) parts.dispatch(value);
  };
  return h(
    isGroup ? 'fieldset' : 'div',
    { class: `slack-input${parts.error === undefined ? '' : ' wrong'}` },
    h(
      isGroup ? 'legend' : 'span',
      { class: 'slack-label' },
      label,
      block['optional'] === true ? h('small', {}, ' (optional)') : null,
    ),
    elementNode(element, label, {
      ...parts,
      changed,
      dispatch: isAwaited ? parts.dispatch : () => undefined,
    }),
    parts.error === undefined ? null : h('p', { class: 'slack-error', role: 'alert' }, parts.error),
    hint === '' ? null : h('p', { class: 'slack-hint' }, hint),
  );
}

function isTyped(element: Json): boolean {
  return textIn(element, 'type').endsWith('_input');
}

function elementNode(element: Json, label: string, parts: InputParts): HTMLElement {
  switch (element['type']) {
    case 'plain_text_input':
    case 'number_input':
    case 'email_text_input':
    case 'url_text_input':
      return textInput(element, label, parts);
    case 'radio_buttons':
      return boxes(element, 'radio', parts);
    case 'checkboxes':
      return boxes(element, 'checkbox', parts);
    case 'datepicker':
    case 'timepicker':
      return dateInput(element, label, parts);
    default:
      return picker(element, { ...parts, value: drafted(element, parts), label }).node;
  }
}

function textInput(
  element: Json,
  label: string,
  { value, draft, changed, dispatch }: InputParts,
): HTMLElement {
  const isLong = element['multiline'] === true;
  const more = {
    'aria-label': label,
    placeholder: wordsIn(element, 'placeholder') || null,
    maxlength: typeof element['max_length'] === 'number' ? element['max_length'] : null,
    oninput: () => changed(input.value),
  };
  const input: HTMLInputElement | HTMLTextAreaElement = isLong
    ? h('textarea', { rows: 3, ...more })
    : h('input', {
        type: 'text',
        inputmode: element['type'] === 'number_input' ? 'numeric' : null,
        ...more,
        onkeydown: (event) => {
          if (event instanceof KeyboardEvent && event.key === 'Enter') dispatch(input.value);
        },
      });
  input.value = typeof draft === 'string' ? draft : textIn(value, 'value');
  return input;
}

function boxes(element: Json, type: 'radio' | 'checkbox', parts: InputParts): HTMLElement {
  const name = `box-${Math.random()}`;
  const before = new Set(chosenValues(parts));
  const inputs = optionsIn(element).map((option) => {
    const value = textIn(option, 'value');
    return {
      option,
      input: h('input', { type, name, value, checked: before.has(value), onchange: () => tell() }),
    };
  });
  const tell = (): void => {
    const values = inputs.filter(({ input }) => input.checked).map(({ input }) => input.value);
    parts.changed(type === 'radio' ? (values[0] ?? null) : values);
  };
  return h(
    'div',
    { class: 'slack-boxes' },
    ...inputs.map(({ option, input }) =>
      h(
        'label',
        {},
        input,
        h('span', {}, wordsIn(option, 'text'), h('small', {}, wordsIn(option, 'description'))),
      ),
    ),
  );
}

function dateInput(element: Json, label: string, { value, draft, changed }: InputParts): HTMLElement {
  const type = element['type'] === 'datepicker' ? 'date' : 'time';
  const input = h('input', { type, 'aria-label': label, onchange: () => changed(input.value || null) });
  input.value = typeof draft === 'string' ? draft : textIn(value, `selected_${type}`);
  return input;
}

function chosenValues({ value, draft }: InputParts): readonly string[] {
  if (draft !== undefined) return typeof draft === 'string' ? [draft] : (draft ?? []);
  return [inside(value, 'selected_option'), ...listIn(value, 'selected_options')].map((option) =>
    textIn(option, 'value'),
  );
}

/** What was chosen since the form was drawn, in the shape that the form holds. */
function drafted(element: Json, { value, draft }: InputParts): Json | undefined {
  if (draft === undefined) return value;
  if (draft === null) return undefined;
  const known = [
    ...optionsIn(element),
    inside(value, 'selected_option'),
    ...listIn(value, 'selected_options'),
  ];
  const options = known.filter(
    (option) => draft.includes(textIn(option, 'value')) && option['value'] !== undefined,
  );
  if (typeof draft === 'string')
    return options.length > 0
      ? { selected_option: options.find((each) => each['value'] === draft) }
      : { selected: draft };
  return options.length > 0 ? { selected_options: options } : { selected: draft };
}
