/// <reference lib="dom" />
// The switch between the people one can act as.
import type { PersonView } from '../control/persons.ts';
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
          class: `person${person.id === null ? ' slack-alone' : ''}`,
          'aria-checked': String(person.login === chosen),
          tabindex: person.login === chosen ? 0 : -1,
          title: `Act as ${person.name} (${person.login}): ${person.about}`,
          'aria-label': labelOf(person),
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
        h('span', { class: 'face' }, avatar(person, 28), badge(person)),
        h('span', { class: 'who' }, person.name.split(' ')[0] ?? person.login),
      ),
    ),
  );
  if (focused) focusOn(focused);
}

function waiting({ login }: PersonView): number {
  return (state.view?.issues ?? []).filter(({ standing }) => standing?.waitsFor.includes(login)).length;
}

function labelOf(person: PersonView): string {
  const count = waiting(person);
  return `${person.name}, ${person.about}${count > 0 ? `, ${count} waiting` : ''}`;
}

/** How many requests wait for this person. */
function badge(person: PersonView): HTMLElement | null {
  const count = waiting(person);
  return count > 0 ? h('span', { class: 'badge', 'aria-hidden': 'true' }, String(count)) : null;
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
