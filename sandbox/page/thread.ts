/// <reference lib="dom" />
// One issue as a conversation, with a place to answer.
import type { PostView, ThreadView } from '../control/view.ts';
import { composer, renderComposerParts } from './composer.ts';
import { avatar, byId, h } from './dom.ts';
import { labelChip } from './issue-list.ts';
import { pullBox, pullWords, renderPull } from './pull.ts';
import { standingLine } from './standing.ts';
import { changed, perform, state } from './state.ts';
import { ago } from './times.ts';
import { welcome } from './welcome.ts';

const emoji: Readonly<Record<string, string>> = {
  '+1': '👍',
  '-1': '👎',
  laugh: '😄',
  hooray: '🎉',
  confused: '😕',
  heart: '❤️',
  rocket: '🚀',
  eyes: '👀',
};

let shownIssue = 0;
let editing: string | null = null;
interface Shown {
  readonly content: string;
  readonly login: string;
  readonly node: HTMLElement;
}
const nodes = new Map<string, Shown>();

export function renderThread(): void {
  const root = byId('thread');
  const { thread, selection } = state;
  if (selection.kind !== 'issue' && selection.kind !== 'none') return;
  if (!thread) {
    shownIssue = 0;
    return renderNothing(root);
  }
  if (thread.number !== shownIssue) {
    shownIssue = thread.number;
    editing = null;
    nodes.clear();
    root.replaceChildren(
      h('div', { class: 'thread-head' }),
      ...(thread.pull ? [pullBox()] : []),
      h('div', { class: 'posts' }),
      composer(thread),
    );
    root.scrollTop = 0;
  }
  root.querySelector('.thread-head')?.replaceChildren(...heading(thread));
  renderPull(root, thread);
  renderPosts(root, thread);
  renderComposerParts(root, thread);
}

function renderNothing(root: HTMLElement): void {
  const { selection, view } = state;
  if (selection.kind === 'none' && view?.past) {
    if (!root.querySelector('.welcome')) root.replaceChildren(welcome(view));
    return;
  }
  const text =
    selection.kind === 'issue' ? 'This issue is not here any more.' : 'Choose an issue, or open one.';
  root.replaceChildren(h('p', { class: 'empty' }, text));
}

/** Another view took the place of the thread: the next one is built anew. */
export function forgetThread(): void {
  shownIssue = 0;
}

function heading(thread: ThreadView): HTMLElement[] {
  return [
    h('h2', {}, thread.title, ' ', h('span', { class: 'number' }, `#${thread.number}`)),
    h(
      'p',
      { class: 'meta' },
      stateChip(thread),
      h('b', {}, thread.author),
      ...(thread.pull ? [...pullWords(thread.pull), ' · opened '] : [' opened this ']),
      ago(thread.createdAt),
      ` · ${thread.posts.length - 1} comment${thread.posts.length === 2 ? '' : 's'} `,
      ...thread.labels.map(labelChip),
    ),
    ...(thread.standing ? [standingLine(thread.standing)] : []),
  ];
}

function stateChip({ state: where, pull }: ThreadView): HTMLElement {
  const words = { open: 'Open', closed: 'Closed', merged: 'Merged' } as const;
  const kind = pull?.state ?? where;
  return h('span', { class: `state ${kind}${pull ? ' of-pull' : ''}` }, words[kind]);
}

/** Posts that did not change keep their element, with what is unfolded or being edited in it. */
function renderPosts(root: HTMLElement, thread: ThreadView): void {
  const first = nodes.size === 0;
  const elements = spoken(thread).map((post) => {
    const key = String(post.id);
    const content = JSON.stringify(post);
    const known = nodes.get(key);
    const same = known?.content === content && known.login === state.login;
    if (known && (same || editing === key)) return known.node;
    const node = postNode(thread, post);
    if (!first && known?.content !== content) showFresh(node);
    nodes.set(key, { content, login: state.login, node });
    return node;
  });
  const box = root.querySelector('.posts');
  const same =
    box?.childElementCount === elements.length && elements.every((one, at) => box.children[at] === one);
  if (!same) box?.replaceChildren(...elements);
}

/** A pull request that nobody described speaks for itself. */
function spoken({ posts, pull }: ThreadView): readonly PostView[] {
  return pull ? posts.filter(({ id, body }) => id !== null || body !== '') : posts;
}

/** Once: put into its place again, it would else arrive again. */
function showFresh(node: HTMLElement): void {
  node.classList.add('fresh');
  node.addEventListener('animationend', () => node.classList.remove('fresh'));
}

function postNode(thread: ThreadView, post: PostView): HTMLElement {
  const body = h('div', { class: 'markdown' });
  // Sanitised where it was rendered.
  body.innerHTML = post.html;
  const mine = post.author.login === state.login;
  return h(
    'article',
    { class: `post${mine ? ' mine' : ''}${post.author.isBot ? ' by-bot' : ''}` },
    avatar(post.author, 36),
    h(
      'div',
      { class: 'box' },
      h(
        'header',
        {},
        h('span', { class: 'by' }, h('b', {}, post.author.login.replace('[bot]', '')), ' '),
        post.author.isBot ? h('span', { class: 'tag' }, 'bot') : null,
        h('span', { class: 'when' }, ago(post.createdAt)),
        post.editedBy !== null &&
          h('span', { class: 'edited', title: `edited by ${post.editedBy}` }, editedText(post)),
        h('span', { class: 'spring' }),
        post.association === 'Member' && !post.author.isBot ? h('span', { class: 'tag' }, 'Member') : null,
        postMenu(thread, post, body),
      ),
      body,
      reactionBar(thread, post),
    ),
  );
}

function editedText(post: PostView): string {
  return post.editedBy === post.author.login ? 'edited' : `edited by ${post.editedBy}`;
}

function postMenu(thread: ThreadView, post: PostView, body: HTMLElement): HTMLElement {
  const remove =
    post.id === null ? null : menuButton('Delete', () => perform('deleteComment', { id: post.id }));
  return h(
    'details',
    { class: 'menu' },
    h('summary', { 'aria-label': 'More' }, '···'),
    h(
      'div',
      {},
      menuButton('Edit', () => edit(thread, post, body)),
      remove,
    ),
  );
}

function menuButton(text: string, action: () => unknown): HTMLElement {
  return h(
    'button',
    {
      type: 'button',
      onclick: (event) => {
        (event.target as HTMLElement).closest('details')?.removeAttribute('open');
        action();
      },
    },
    text,
  );
}

function edit(thread: ThreadView, post: PostView, body: HTMLElement): void {
  const key = String(post.id);
  editing = key;
  const text = h('textarea', {
    rows: Math.min(16, post.body.split('\n').length + 2),
    'aria-label': 'New text',
  });
  text.value = post.body;
  const done = (): void => {
    editing = null;
    nodes.delete(key);
    changed();
  };
  const save = async (): Promise<void> => {
    const saved =
      post.id === null
        ? await perform('editIssue', { number: thread.number, body: text.value })
        : await perform('editComment', { id: post.id, body: text.value });
    if (saved !== undefined) done();
  };
  body.replaceChildren(
    text,
    h(
      'p',
      { class: 'buttons' },
      h('button', { type: 'button', onclick: done }, 'Cancel'),
      h(
        'button',
        { type: 'button', class: 'primary', onclick: () => void save() },
        `Update as ${state.login}`,
      ),
    ),
  );
  text.focus();
}

function reactionBar(thread: ThreadView, post: PostView): HTMLElement {
  const react = (content: string): Promise<unknown> =>
    post.id === null
      ? perform('reactToIssue', { number: thread.number, content })
      : perform('reactToComment', { id: post.id, content });
  return h(
    'div',
    { class: 'reactions' },
    h(
      'details',
      { class: 'menu react' },
      h('summary', { 'aria-label': 'React' }, '☺'),
      h(
        'div',
        {},
        ...Object.entries(emoji).map(([content, sign]) => {
          const button = menuButton(sign, () => react(content));
          button.title = content;
          return button;
        }),
      ),
    ),
    ...post.reactions.map((one) =>
      h(
        'button',
        {
          type: 'button',
          class: 'reaction',
          title: one.logins.join(', '),
          onclick: () => void react(one.content),
        },
        emoji[one.content] ?? one.content,
        ` ${one.logins.length}`,
      ),
    ),
  );
}
