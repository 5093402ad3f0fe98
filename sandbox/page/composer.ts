/// <reference lib="dom" />
// The place to answer, at the end of an issue.
import type { ThreadView } from '../control/view.ts';
import { avatar, h } from './dom.ts';
import { actor, perform } from './state.ts';
import { tick } from './tour.ts';

const commands = ['/approve', '/deny', '/revoke', '/extend', '/cancel', '/status', '/why', '/help'];

/** With a chip for each command, where there is a request to speak of. */
export function composer({ number, pull }: ThreadView): HTMLElement {
  const text = h('textarea', {
    rows: 4,
    placeholder: pull ? 'Leave a comment' : 'Leave a comment, or a command such as /approve',
    'aria-label': 'Comment',
    onkeydown: (event) => {
      if (event instanceof KeyboardEvent && event.key === 'Enter' && (event.ctrlKey || event.metaKey))
        void send();
    },
  });
  const send = async (): Promise<void> => {
    if (text.value.trim() === '') return text.focus();
    const sent = await perform('comment', { number, body: text.value });
    if (sent === undefined) return;
    if (text.value.startsWith('/approve')) tick('approve');
    text.value = '';
  };
  const chip = (command: string): HTMLElement =>
    h(
      'button',
      {
        type: 'button',
        class: 'chip',
        onclick: () => {
          text.value = command + (text.value.startsWith('/') || text.value === '' ? ' ' : ` ${text.value}`);
          text.focus();
        },
      },
      command,
    );
  return h(
    'form',
    {
      class: 'composer',
      onsubmit: (event) => {
        event.preventDefault();
        void send();
      },
    },
    h('span', { class: 'composer-avatar' }),
    h(
      'div',
      { class: 'box' },
      pull ? null : h('div', { class: 'chips', 'aria-label': 'Commands' }, ...commands.map(chip)),
      text,
      h('p', { class: 'buttons' }),
    ),
  );
}

/** What depends on who one is. */
export function renderComposerParts(root: HTMLElement, thread: ThreadView): void {
  const person = actor();
  if (!person) return;
  root.querySelector('.composer-avatar')?.replaceChildren(avatar(person, 36));
  const closing = thread.state === 'open';
  const what = thread.pull ? 'pull request' : 'issue';
  root.querySelector('.composer .buttons')?.replaceChildren(
    // What is merged stays so.
    thread.pull?.state === 'merged'
      ? ''
      : h(
          'button',
          {
            type: 'button',
            onclick: () => void perform(closing ? 'closeIssue' : 'reopenIssue', { number: thread.number }),
          },
          `${closing ? 'Close' : 'Reopen'} ${what}`,
        ),
    h('button', { type: 'submit', class: 'primary' }, `Comment as ${person.name}`),
  );
}
