/// <reference lib="dom" />
// Choosing from a list in Slack: typed into, it shows what fits; a list that the app loads is asked for as people type.
import { h } from './dom.ts';
import { isJson, listIn, optionsIn, textIn, wordsIn, type Json } from './slack-json.ts';
import { state } from './state.ts';

/** As the sandbox takes it: a value, several, or nothing. */
export type Chosen = string | readonly string[] | null;
export type Suggest = (typed: string) => Promise<readonly Json[]>;

export interface PickerParts {
  /** What `state.values` holds of it; undefined before anything was chosen. */
  readonly value: Json | undefined;
  readonly label: string;
  readonly suggest: Suggest;
  readonly changed: (value: Chosen) => void;
}

interface Item {
  readonly value: string;
  readonly label: string;
}

const waitMs = 180;
const mostShown = 100;
let pickers = 0;

export function picker(element: Json, parts: PickerParts): { readonly node: HTMLElement } {
  const type = textIn(element, 'type');
  const isMany = type.startsWith('multi_');
  const isLoaded = type.endsWith('external_select');
  const chosen = new Map(chosenItems(element, parts.value).map((item) => [item.value, item]));
  const id = `picker-${(pickers += 1)}`;
  const chips = h('span', { class: 'chips' });
  const menu = h('ul', { class: 'picker-menu', role: 'listbox', id, hidden: true });
  const input = h('input', {
    type: 'text',
    role: 'combobox',
    'aria-label': parts.label,
    'aria-controls': id,
    'aria-expanded': 'false',
    autocomplete: 'off',
    placeholder: wordsIn(element, 'placeholder') || 'Choose an option',
    onfocus: () => void open(''),
    onclick: () => void open(''),
    oninput: () => void open(input.value),
    onblur: () => setTimeout(close, 150),
    onkeydown: (event) => key(event),
  });
  const node = h('div', { class: `picker${isMany ? ' many' : ''}` }, chips, input, menu);
  let asked = 0;

  async function open(typed: string): Promise<void> {
    asked += 1;
    const turn = asked;
    if (isLoaded && typed !== '') await new Promise((resolve) => setTimeout(resolve, waitMs));
    if (turn !== asked) return;
    if (isLoaded && menu.childElementCount === 0) show([note('Loading…')]);
    const items = isLoaded ? (await parts.suggest(typed)).map(itemOf) : matching(itemsOf(element), typed);
    if (turn !== asked || document.activeElement !== input) return;
    show(items.length === 0 ? [note('No results')] : items.slice(0, mostShown).map(row));
  }

  function show(rows: readonly HTMLElement[]): void {
    menu.replaceChildren(...rows);
    menu.hidden = false;
    input.setAttribute('aria-expanded', 'true');
  }

  function close(): void {
    asked += 1;
    menu.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    draw();
  }

  function row(item: Item): HTMLElement {
    return h(
      'li',
      {
        role: 'option',
        'aria-selected': String(chosen.has(item.value)),
        // Before the field loses the keyboard, and with it the list.
        onmousedown: (event) => {
          event.preventDefault();
          choose(item);
        },
      },
      item.label,
    );
  }

  function choose(item: Item): void {
    if (isMany && chosen.has(item.value)) chosen.delete(item.value);
    else {
      if (!isMany) chosen.clear();
      chosen.set(item.value, item);
    }
    tell();
    if (!isMany) return input.blur();
    input.value = '';
    draw();
    void open('');
  }

  function tell(): void {
    const values = [...chosen.keys()];
    parts.changed(isMany ? values : (values[0] ?? null));
  }

  function draw(): void {
    const [only] = chosen.values();
    if (!isMany) input.value = only?.label ?? '';
    chips.replaceChildren(...(isMany ? [...chosen.values()].map(chip) : []));
  }

  function chip({ value, label }: Item): HTMLElement {
    return h(
      'span',
      { class: 'chip' },
      label,
      h(
        'button',
        {
          type: 'button',
          'aria-label': `Remove ${label}`,
          onclick: () => {
            chosen.delete(value);
            tell();
            draw();
          },
        },
        '×',
      ),
    );
  }

  function key(event: Event): void {
    if (!(event instanceof KeyboardEvent)) return;
    const rows = [...menu.querySelectorAll<HTMLElement>('[role=option]')];
    const at = rows.findIndex((each) => each.classList.contains('at'));
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const next = rows[Math.min(rows.length - 1, Math.max(0, at + (event.key === 'ArrowDown' ? 1 : -1)))];
      rows[at]?.classList.remove('at');
      next?.classList.add('at');
      next?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && !menu.hidden) {
      event.preventDefault();
      (rows[at] ?? rows[0])?.dispatchEvent(new MouseEvent('mousedown', { cancelable: true }));
    } else if (event.key === 'Escape' && !menu.hidden) {
      event.stopPropagation();
      close();
    } else if (event.key === 'Backspace' && input.value.length <= 1 && !isMany && chosen.size > 0) {
      chosen.clear();
      tell();
    }
  }

  draw();
  return { node };
}

function note(text: string): HTMLElement {
  return h('li', { class: 'muted' }, text);
}

function itemOf(option: Json): Item {
  return { value: textIn(option, 'value'), label: wordsIn(option, 'text') };
}

function itemsOf(element: Json): readonly Item[] {
  const type = textIn(element, 'type');
  if (type.endsWith('users_select')) {
    return (state.slack?.users ?? [])
      .filter(({ kind }) => kind !== 'app')
      .map(({ id, realName }) => ({ value: id, label: realName }));
  }
  if (type.endsWith('conversations_select') || type.endsWith('channels_select')) {
    return (state.slack?.channels ?? []).map(({ id, name }) => ({ value: id, label: `#${name}` }));
  }
  return optionsIn(element).map(itemOf);
}

function matching(items: readonly Item[], typed: string): readonly Item[] {
  const words = typed.toLowerCase();
  return items.filter(({ label }) => label.toLowerCase().includes(words));
}

function chosenItems(element: Json, value: Json | undefined): readonly Item[] {
  if (value === undefined) return [];
  const all = itemsOf(element);
  const ids = Object.entries(value).flatMap(([key, each]) => {
    if (key === 'type') return [];
    if (typeof each === 'string') return [each];
    return Array.isArray(each) ? each.filter((one): one is string => typeof one === 'string') : [];
  });
  const option = value['selected_option'];
  const options = [...(isJson(option) ? [option] : []), ...listIn(value, 'selected_options')].map(itemOf);
  return [...options, ...ids.map((id) => all.find((item) => item.value === id) ?? { value: id, label: id })];
}
