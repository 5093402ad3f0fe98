// How people, teams and moments are written on GitHub: with a mention only where somebody is to be notified.
import type { CardPerson } from '../../domain/card.ts';
import type { Speaker } from '../../domain/entries.ts';
import type { Group, Instant, PersonId } from '../../domain/names.ts';
import type { Phrase } from '../../domain/next-sentences.ts';
import { groupWords } from '../../domain/words.ts';
import { escapeText, plainLink } from './escape.ts';

/** GitHub logins of people, as far as they are known. */
export type Logins = ReadonlyMap<PersonId, string>;

export const noLogins: Logins = new Map();

/** Notifies where GitHub can: a team, or a person whose login we know. */
export function mentionGroup(group: Group, logins: Logins): string {
  const team = /^team:([A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9][A-Za-z0-9._-]*)$/.exec(group)?.[1];
  if (team !== undefined) return `@${team}`;
  const person = /^person:(.+)$/.exec(group)?.[1];
  const login = person === undefined ? undefined : [...logins].find(([id]) => id === person)?.[1];
  return mentionLogin(login) ?? nameGroup(group);
}

/** Notifies nobody. */
export function nameGroup(group: Group): string {
  return escapeText(groupWords(group));
}

/** Notifies a requester, by the account they asked with or the one we know of. */
export function mentionPerson({ person, name, surface }: CardPerson, logins: Logins): string {
  const known = person === null ? undefined : logins.get(person);
  return mentionLogin(surface === 'github' ? name : known) ?? escapeText(name);
}

export function personOf({ person, via }: Speaker): CardPerson {
  return { person, name: via.name, surface: via.surface };
}

/** `20 Nov 2026, 12:33 UTC`. */
export function printTime(at: Instant): string {
  const [date = '', time = ''] = at.split('T');
  const [year, month, day] = date.split('-').map(Number);
  return `${day} ${months[(month ?? 1) - 1]} ${year}, ${time.slice(0, 5)} UTC`;
}

/** A sentence with whatever people typed in it made harmless. */
export function printPhrase(phrase: Phrase): string {
  return phrase
    .map((part) => {
      if (typeof part !== 'string')
        return 'time' in part ? `**${printTime(part.time)}**` : printLink(part.link);
      const [before = '', after = ''] = [/^\s*/.exec(part)?.[0], /\s*$/.exec(part)?.[0]];
      return part.trim() === '' ? part : `${before}${escapeText(part)}${after}`;
    })
    .join('');
}

/** An address that shows what it is; anything else is a text. */
export function printLink(text: string): string {
  return plainLink(text) ?? escapeText(text);
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

function mentionLogin(login: string | undefined): string | undefined {
  return login !== undefined && /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,60}[A-Za-z0-9_])?$/.test(login)
    ? `@${login}`
    : undefined;
}
