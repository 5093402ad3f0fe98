/// <reference lib="dom" />
// The switch between the people one can act as.
import { avatar, byId, h } from './dom.ts';
import { actAs, actor, state } from './state.ts';

export function renderPeople(): void {
  const people = state.view?.people ?? [];
  const chosen = actor()?.login;
  const focused = document.activeElement?.getAttribute('data-login');
  byId('people').replaceChildren(
    ...people.map((person, index) =>
      h(
        'button',
        {
          type: 'button',
          role: 'radio',
          class: 'person',
          'aria-checked': String(person.login === chosen),
          tabindex: person.login === chosen ? 0 : -1,
          title: `Act as ${person.name} (${person.login}): ${person.about}`,
          'data-login': person.login,
          onclick: () => actAs(person.login),
          onkeydown: (event) => {
            const step = stepOf(event);
            const next = people[(index + step + people.length) % people.length];
            if (step === 0 || !next) return;
            event.preventDefault();
            actAs(next.login);
            focusOn(next.login);
          },
        },
        avatar(person, 28),
        h('span', { class: 'who' }, h('b', {}, person.name), h('small', {}, person.about)),
      ),
    ),
  );
  if (focused) focusOn(focused);
}

function stepOf(event: Event): number {
  if (!(event instanceof KeyboardEvent)) return 0;
  if (event.key === 'ArrowRight' || event.key === 'ArrowDown') return 1;
  return event.key === 'ArrowLeft' || event.key === 'ArrowUp' ? -1 : 0;
}

function focusOn(login: string): void {
  byId('people')
    .querySelector<HTMLElement>(`[data-login="${CSS.escape(login)}"]`)
    ?.focus();
}
