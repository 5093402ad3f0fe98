/// <reference lib="dom" />
// What somebody finds who may not read the desk: nothing, as on github.com.
import { byId, h } from './dom.ts';
import { actAs, actor, state } from './state.ts';

export function renderStranger(): void {
  const you = actor();
  if (!state.view || !you) return;
  const root = byId('stranger');
  root.hidden = you.mayRead;
  byId('issues').hidden = !you.mayRead;
  byId('thread').hidden = !you.mayRead;
  const reader = state.view.people.find(({ mayRead }) => mayRead);
  if (you.mayRead || root.dataset['login'] === you.login) return;
  root.dataset['login'] = you.login;
  const isNobody = you.id === null;
  root.replaceChildren(
    h('h2', {}, isNobody ? 'Not on GitHub' : '404'),
    h(
      'p',
      {},
      isNobody
        ? `${you.name} has no account on GitHub. What they may decide, they decide on Slack.`
        : `${you.name} may not read ${state.view.desk}: neither its issues nor its flows. GitHub says that it is not there.`,
    ),
    reader
      ? h(
          'p',
          {},
          h(
            'button',
            { type: 'button', onclick: () => actAs(reader.login) },
            `Act as ${reader.name.split(' ')[0]}`,
          ),
        )
      : h('p', {}),
  );
}
