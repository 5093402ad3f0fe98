/// <reference lib="dom" />
// Where one writes in Slack: a message, or a slash command; with the shortcuts of the app beside it.
import { h } from './dom.ts';
import { actAt, slackAct, setNote } from './slack-act.ts';
import { changed, state } from './state.ts';

interface Place {
  readonly channel: string;
  readonly thread: string | null;
  /** `#general`. */
  readonly name: string;
}

const drafts = new Map<string, string>();

/** Drawn once for each place: whoever types goes on typing. */
export function slackComposer({ channel, thread, name }: Place): HTMLElement {
  const key = `${state.login} ${channel} ${thread ?? ''}`;
  const app = state.slack?.app;
  const [command] = thread === null ? (app?.commands ?? []) : [];
  const shortcuts = thread === null ? (app?.shortcuts ?? []).filter(({ type }) => type === 'global') : [];
  const text = h('textarea', {
    rows: 1,
    'aria-label': thread === null ? `Message ${name}` : 'Reply',
    placeholder: thread === null ? `Message ${name}` : 'Reply…',
    oninput: () => void drafts.set(key, text.value),
    onkeydown: (event) => {
      if (!(event instanceof KeyboardEvent) || event.key !== 'Enter' || event.shiftKey) return;
      event.preventDefault();
      void send();
    },
  });
  text.value = drafts.get(key) ?? '';
  const send = async (): Promise<void> => {
    const said = text.value.trim();
    if (said === '') return text.focus();
    text.value = '';
    drafts.delete(key);
    const isCommand = said.startsWith('/') && thread === null;
    const place = `composer ${channel}`;
    const outcome = isCommand
      ? await actAt(place, 'command', { channel, text: said })
      : await actAt(place, 'say', { channel, text: said, ...(thread === null ? {} : { thread }) });
    // What did not go out is not lost.
    if (outcome?.ok === false && text.value === '') text.value = said;
    changed();
  };
  const offer = (line: string): HTMLElement =>
    h(
      'button',
      {
        type: 'button',
        class: 'chip',
        onclick: () => {
          text.value = line;
          text.focus();
        },
      },
      line,
    );
  const shortcut = (label: string, callback: string): HTMLElement =>
    h(
      'button',
      {
        type: 'button',
        onclick: (event) => {
          if (event.target instanceof Element) event.target.closest('details')?.removeAttribute('open');
          void slackAct('shortcut', { callback }).then((outcome) => {
            if (outcome?.ok === false) setNote(`composer ${channel}`, outcome.shown);
            changed();
          });
        },
      },
      label,
    );
  return h(
    'form',
    {
      class: 'slack-composer',
      'data-place': key,
      onsubmit: (event) => {
        event.preventDefault();
        void send();
      },
    },
    text,
    h(
      'div',
      { class: 'composer-tools' },
      shortcuts.length === 0
        ? null
        : h(
            'details',
            { class: 'menu' },
            h('summary', { 'aria-label': 'Shortcuts', title: 'Shortcuts' }, '⚡'),
            h('div', {}, ...shortcuts.map(({ name: label, callback_id }) => shortcut(label, callback_id))),
          ),
      ...(command === undefined ? [] : [command, `${command} status`, `${command} help`].map(offer)),
      h('span', { class: 'spring' }),
      h('button', { type: 'submit', class: 'slack-button send', 'aria-label': 'Send' }, '➤'),
    ),
  );
}
