/// <reference lib="dom" />
// A place to write YAML: line numbers, two spaces for Tab, and the indentation kept on the next line.
import { h } from './dom.ts';

export interface CodeArea {
  readonly node: HTMLElement;
  readonly text: HTMLTextAreaElement;
  /** Puts the caret at the beginning of a line, and the line into sight. */
  goTo(line: number): void;
  /** In place of what is there. */
  write(text: string): void;
}

const indent = '  ';
const lineHeight = 20;

/** Lines that something is said about are marked, and those that are not as they were. */
export function codeArea(
  label: string,
  value: string,
  {
    was,
    marked,
    onInput,
  }: {
    readonly was: string;
    readonly marked: ReadonlySet<number>;
    readonly onInput: (text: string) => void;
  },
): CodeArea {
  const numbers = h('div', { class: 'numbers', 'aria-hidden': 'true' });
  const text = h('textarea', {
    'aria-label': label,
    spellcheck: 'false',
    autocapitalize: 'off',
    autocomplete: 'off',
    wrap: 'off',
    onkeydown: (event) => {
      if (event instanceof KeyboardEvent) type(text, event);
    },
    oninput: () => {
      number();
      onInput(text.value);
    },
    onscroll: () => (numbers.scrollTop = text.scrollTop),
  });
  text.value = value;
  const old = was.split('\n');
  const number = (): void => {
    const lines = text.value.split('\n');
    const { first, last } = changedLines(old, lines);
    while (numbers.childElementCount > lines.length) numbers.lastElementChild?.remove();
    while (numbers.childElementCount < lines.length)
      numbers.append(h('span', {}, String(numbers.childElementCount + 1)));
    for (const [at, line] of [...numbers.children].entries()) {
      line.classList.toggle('marked', marked.has(at + 1));
      line.classList.toggle('changed', at >= first && at <= last);
    }
    text.rows = Math.min(34, Math.max(12, lines.length + 1));
  };
  number();
  return {
    write(what) {
      if (text.value === what) return;
      text.value = what;
      number();
    },
    node: h('div', { class: 'code-area' }, numbers, text),
    text,
    goTo(line) {
      const at =
        text.value
          .split('\n')
          .slice(0, line - 1)
          .join('\n').length + (line > 1 ? 1 : 0);
      text.focus();
      text.setSelectionRange(at, at);
      text.scrollTop = Math.max(0, (line - 6) * lineHeight);
    },
  };
}

/** From the first line that differs to the last one. */
function changedLines(
  old: readonly string[],
  now: readonly string[],
): { readonly first: number; readonly last: number } {
  const ends = Math.min(old.length, now.length);
  let first = 0;
  while (first < ends && old[first] === now[first]) first += 1;
  let tail = 0;
  while (tail < ends - first && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  return { first, last: now.length - 1 - tail };
}

function type(text: HTMLTextAreaElement, event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === 'Tab') {
    event.preventDefault();
    tab(text, event.shiftKey);
  } else if (event.key === 'Enter') {
    const { value, selectionStart } = text;
    const spaces = /^ */.exec(
      value.slice(value.lastIndexOf('\n', selectionStart - 1) + 1, selectionStart),
    )?.[0];
    if (!spaces) return;
    event.preventDefault();
    put(text, `\n${spaces}`);
  }
}

/** At the caret; or all lines of the selection, and back with Shift. */
function tab(text: HTMLTextAreaElement, isBack: boolean): void {
  const { value, selectionStart, selectionEnd } = text;
  const isOneLine = !value.slice(selectionStart, selectionEnd).includes('\n');
  if (isOneLine && !isBack) return put(text, indent);
  const from = value.lastIndexOf('\n', selectionStart - 1) + 1;
  const lines = value.slice(from, selectionEnd).split('\n');
  const moved = lines.map((line) =>
    isBack ? line.replace(/^ {1,2}/, '') : line === '' ? line : indent + line,
  );
  if (moved.join('\n') === lines.join('\n')) return;
  text.setSelectionRange(from, selectionEnd);
  put(text, moved.join('\n'));
  if (isOneLine) return;
  text.setSelectionRange(from, from + moved.join('\n').length);
}

/** In place of the selection, and so that undo takes it back: no other way of writing into a field does that. */
function put(text: HTMLTextAreaElement, what: string): void {
  const isDone = document.execCommand(what === '' ? 'delete' : 'insertText', false, what);
  if (isDone) return;
  text.setRangeText(what, text.selectionStart, text.selectionEnd, 'end');
  text.dispatchEvent(new Event('input'));
}
