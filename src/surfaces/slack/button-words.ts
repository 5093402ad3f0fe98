// The product's sentences speak of commands, as they are typed on GitHub. On Slack the same things have buttons.
import type { Line } from './pieces.ts';

/** What each command is called where it can be pressed. */
const names: { readonly [command: string]: string } = {
  approve: 'Approve',
  'approve as admin': 'Stand in as admin',
  deny: 'Deny',
  revoke: 'Revoke',
  cancel: 'Withdraw',
  extend: 'Extend',
  why: 'Why?',
};

/** What only somebody who types would say. */
const phrases: readonly (readonly [typed: RegExp, pressed: string])[] = [
  [/,? in a new issue or a new comment/g, ''],
  [/ in a new comment/g, ''],
  [/\b([Ss])ay it again with the reason behind it: (?=\/)/g, 'Do it once more, with the reason: '],
  [/\bsay it again\b/g, 'try again'],
  [/\bSay it again\b/g, 'Try again'],
  [/ without “for”/g, ' without a shorter time'],
];

const command =
  /(?:\b([Ss])(ay|aid) )?\/(approve as admin|approve|deny|revoke|cancel|extend|why)(?: REASON)?\b/g;

/** “To end it early, press Revoke”, the names of buttons in bold. */
export function inButtons(text: string): Line {
  const said = phrases.reduce((all, [typed, pressed]) => all.replace(typed, pressed), text);
  const line: (string | { readonly bold: string })[] = [];
  let from = 0;
  for (const found of said.matchAll(command)) {
    const [whole, letter, form, name = ''] = found;
    const verb =
      letter === undefined ? '' : `${letter === 'S' ? 'P' : 'p'}ress${form === 'aid' ? 'ed' : ''} `;
    line.push(`${said.slice(from, found.index)}${verb}`, { bold: names[name] ?? name });
    from = found.index + whole.length;
  }
  return [...line, said.slice(from)];
}
