/// <reference lib="dom" />
// What the targets really hold, whatever anybody says.
import type { PageView } from '../control/view.ts';
import { avatar, h } from './dom.ts';

let before = new Set<string>();

export function targets(view: PageView): HTMLElement[] {
  const now = new Set<string>();
  const chip = (key: string, login: string, extra: string): HTMLElement => {
    now.add(`${key}/${login}`);
    const person = view.people.find((one) => one.login === login);
    const fresh = before.size > 0 && !before.has(`${key}/${login}`);
    return h(
      'span',
      { class: `holder${fresh ? ' fresh' : ''}` },
      person ? avatar(person, 18) : null,
      login,
      extra === '' ? null : h('small', {}, ` ${extra}`),
    );
  };
  const { teams, collaborators, invitations, vault } = view.holdings;
  const rows = (title: string, list: HTMLElement[], empty: string): HTMLElement =>
    h(
      'section',
      { class: 'target-group' },
      h('h3', {}, title),
      ...(list.length > 0 ? list : [h('p', { class: 'muted' }, empty)]),
    );
  const row = (name: string, holders: HTMLElement[]): HTMLElement =>
    h(
      'div',
      { class: 'target' },
      h('b', {}, name),
      h('span', { class: 'holders' }, ...(holders.length > 0 ? holders : [h('em', {}, 'nobody')])),
    );
  const teamRows = (givesAccess: boolean): HTMLElement[] =>
    Object.entries(teams)
      .filter(([slug]) => slug.endsWith('-access') === givesAccess)
      .map(([slug, logins]) =>
        row(
          slug,
          logins.map((login) => chip(slug, login, '')),
        ),
      );
  const result = [
    rows('Teams that give access', teamRows(true), 'No such team.'),
    rows(
      'Repositories, given directly',
      Object.entries(collaborators).map(([name, roles]) =>
        row(name, [
          ...Object.entries(roles).map(([login, role]) => chip(name, login, role)),
          ...invitations
            .filter((one) => one.repository === name)
            .map((one) => chip(name, one.login, `${one.role}, invited`)),
        ]),
      ),
      'No repositories.',
    ),
    rows(
      'Vault',
      Object.entries(vault).map(([subject, body]) =>
        row(subject, [h('code', { class: 'vault' }, JSON.stringify(body))]),
      ),
      'Nobody has a grant.',
    ),
    rows('Who is in which team, and so may ask or decide', teamRows(false), 'No teams.'),
  ];
  before = now.size > 0 ? now : new Set(['']);
  return result;
}
