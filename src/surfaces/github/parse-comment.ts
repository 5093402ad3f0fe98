// Which command a comment is, if any: only a slash and a word at the very start of its first line count, never what is quoted.
import type { BreakGlass, RawForm } from '../../domain/commands.ts';
import { parseDuration } from '../../domain/duration.ts';
import type { Milliseconds } from '../../domain/names.ts';
import type { ReviewOutcome } from '../../domain/entries.ts';
import { confirmation, maxFieldLength } from '../../domain/form.ts';

export type ParsedComment =
  | { readonly type: 'none' }
  | {
      readonly type: 'request';
      readonly flow: string;
      readonly form: RawForm;
      readonly breakGlass?: BreakGlass;
    }
  | {
      readonly type: 'approve';
      readonly message?: string;
      readonly duration?: Milliseconds;
      readonly as?: 'admin';
    }
  | { readonly type: 'deny' | 'revoke'; readonly message?: string }
  | { readonly type: 'extend'; readonly by?: Milliseconds; readonly message?: string }
  | { readonly type: 'review'; readonly outcome: ReviewOutcome; readonly message?: string }
  | { readonly type: 'cancel' }
  /** These merely ask. */
  | { readonly type: 'status' | 'why' }
  | { readonly type: 'help'; readonly flow?: string }
  /** An account on Slack: the line that it asked for, or the word that confirms it. */
  | { readonly type: 'link'; readonly line: string }
  | { readonly type: 'link'; readonly word: string }
  | { readonly type: 'unlink'; readonly account?: string }
  /** It means us, but cannot be understood: `problem` says why, in a sentence. */
  | { readonly type: 'malformed'; readonly problem: string }
  /** A slip of the pen. */
  | { readonly type: 'misspelt'; readonly word: string; readonly meant: CommandWord };

export const commandWords = [
  'request',
  'break-glass',
  'approve',
  'deny',
  'revoke',
  'cancel',
  'extend',
  'review',
  'status',
  'why',
  'link',
  'unlink',
  'help',
] as const;
export type CommandWord = (typeof commandWords)[number];

/** Comments are short; what is longer is not ours to read. */
const maxLines = 2000;

export function parseComment(body: string): ParsedComment {
  const [first = '', ...rest] = body.split(/\r\n|\r|\n/, maxLines);
  const [, slashed, tail = ''] =
    /^ {0,3}\/([A-Za-z][A-Za-z-]{0,30})[.,:;!]?(?:[ \t]+(.*))?$/.exec(first) ?? [];
  if (slashed === undefined) return { type: 'none' };
  const word = commandWord(slashed);
  if (word === undefined) return misspelt(slashed);
  const second = rest.map((line) => commandAt(line)).find((other) => other !== undefined);
  if (second !== undefined)
    return {
      type: 'malformed',
      problem: `This comment holds two commands, /${word} and /${second}. Say one in each comment.`,
    };
  return understand(word, tail.trim(), rest);
}

function understand(word: CommandWord, tail: string, rest: readonly string[]): ParsedComment {
  switch (word) {
    case 'request':
      return parseRequest(tail, rest);
    case 'break-glass':
      return parseBreakGlass(tail, rest);
    case 'review':
      return parseReview(tail, rest);
    case 'approve':
      return parseApproval(tail, rest);
    case 'extend':
      return parseExtension(tail, rest);
    case 'deny':
    case 'revoke':
      return { type: word, ...messageOf(tail, rest) };
    case 'cancel':
      return { type: word };
    case 'status':
    case 'why':
      return { type: word };
    case 'link': {
      const [, confirmed] = /^yes\s+([A-Z0-9]{4,20})[.!]?$/i.exec(tail) ?? [];
      return confirmed === undefined ? { type: word, line: tail } : { type: word, word: confirmed };
    }
    case 'unlink': {
      const [account = ''] = tail.split(/\s/);
      return account === '' ? { type: word } : { type: word, account };
    }
    case 'help': {
      const [flow = ''] = tail.split(/\s/);
      return flow === '' ? { type: word } : { type: word, flow };
    }
    default:
      return word satisfies never;
  }
}

/** `/approve for 30m` grants less, `/approve as admin REASON` stands in; either way, what follows is the message. */
function parseApproval(tail: string, rest: readonly string[]): ParsedComment {
  let left = tail;
  let duration: Milliseconds | undefined;
  let asAdmin = false;
  for (;;) {
    const [admin] = /^as admin\b[:,.]?\s*/i.exec(left) ?? [];
    const [less, written = ''] = /^for\s+([1-9][0-9]*[smhd])(?![\w-])[:,.]?\s*/i.exec(left) ?? [];
    const found = asAdmin ? less : (admin ?? less);
    if (found === undefined || (found === less && duration !== undefined)) break;
    if (found === admin) asAdmin = true;
    else {
      duration = parseDuration(written);
      if (duration === undefined) return malformed(noDuration(written));
    }
    left = left.slice(found.length);
  }
  const problem = duration === undefined ? lostDuration(left) : undefined;
  if (problem !== undefined) return malformed(problem);
  return {
    type: 'approve',
    ...messageOf(left, rest),
    ...(duration !== undefined && { duration }),
    ...(asAdmin && { as: 'admin' }),
  };
}

/** Whoever meant to grant less would else grant all of it. */
function lostDuration(message: string): string | undefined {
  const [, meant] = /^for\s+([0-9]\S*)/i.exec(message) ?? [];
  if (meant !== undefined) return noDuration(meant.replace(/[.,:;]$/, ''));
  const [bare] = /^[1-9][0-9]*[smhd](?![\w-])/i.exec(message) ?? [];
  return bare === undefined ? undefined : `To grant less, write “for”: /approve for ${bare}.`;
}

/** `/extend 1h`: what begins like a duration and is none would else be taken for as much as possible. */
function parseExtension(tail: string, rest: readonly string[]): ParsedComment {
  const [, written, left = ''] = /^(?:(?:by|for) )?([0-9]\S*)\s*(.*)$/i.exec(tail) ?? [];
  if (written === undefined) return { type: 'extend', ...messageOf(tail, rest) };
  const by = parseDuration(written.replace(/[.,:;]$/, ''));
  if (by === undefined) return malformed(noDuration(written));
  return { type: 'extend', by, ...messageOf(left, rest) };
}

function noDuration(written: string): string {
  return `“${written}” is no duration: write a number and s, m, h or d, such as 30m or 2h.`;
}

/** What was said beside the command, without what an e-mail program quotes below. */
function messageOf(tail: string, rest: readonly string[]): { readonly message?: string } {
  const quoted = rest.findIndex((line) => /^\s*>/.test(line) || /^On .*wrote:\s*$/.test(line));
  const own = quoted === -1 ? rest : rest.slice(0, quoted);
  const message = [tail, ...own].join('\n').trim();
  return message === '' ? {} : { message: cut(message) };
}

function cut(message: string): string {
  return message.length <= maxFieldLength ? message : `${message.slice(0, maxFieldLength - 1)}…`;
}

function commandWord(slashed: string): CommandWord | undefined {
  return commandWords.find((word) => word === slashed.toLowerCase());
}

function commandAt(line: string): CommandWord | undefined {
  const [, slashed] = /^ {0,3}\/([A-Za-z-]+)(?=\s|$)/.exec(line) ?? [];
  return slashed === undefined ? undefined : commandWord(slashed);
}

/** Other programs have commands too, such as `/lint`: only what is one slip away from ours is a slip. */
function misspelt(slashed: string): ParsedComment {
  const word = slashed.toLowerCase();
  const meant = commandWords.find(
    (known) => known.length > 3 && known !== 'link' && distance(word, known) === 1,
  );
  return meant === undefined ? { type: 'none' } : { type: 'misspelt', word, meant };
}

/** Letters added, left out, replaced, or swapped with their neighbour. */
function distance(a: string, b: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const costs = [(row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same];
      next.push(Math.min(...costs, swapped ? (before[j - 2] ?? 0) + 1 : Infinity));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}

/** `FLOW [TARGET] [DURATION] [name=value]…`, then `name: value` lines until the first line that is none. */
function parseRequest(
  tail: string,
  rest: readonly string[],
  word: 'request' | 'break-glass' = 'request',
): ParsedComment {
  const words = splitWords(tail);
  if (words === undefined) return malformed('A quotation mark is not closed.');
  const plain = words.filter(({ name }) => name === undefined).map(({ value }) => value);
  const [flow, ...places] = plain;
  if (flow === undefined) return malformed(`It does not say which flow: /${word} FLOW [TARGET] [DURATION].`);
  const durations = places.filter(isDuration);
  const targets = places.filter((place) => !isDuration(place));
  if (durations.length > 1) return malformed('It names more than one duration.');
  if (targets.length > 1)
    return malformed('It names more than one target. Put text with spaces into quotation marks: reason="…".');
  const given = [
    ...words.flatMap(({ name, value }) => (name === undefined ? [] : [{ name, value }])),
    ...fieldLines(rest),
  ];
  const twice = firstRepeated(given.map(({ name }) => name));
  if (twice !== undefined) return malformed(`It answers ${twice} twice.`);
  const [target] = targets;
  const [duration] = durations;
  return {
    type: 'request',
    flow,
    form: {
      ...(target !== undefined && { target }),
      ...(duration !== undefined && { duration }),
      fields: Object.fromEntries(given.map(({ name, value }) => [name, value])),
    },
  };
}

/** `/break-glass FLOW [TARGET] [DURATION] reason="…" confirm=TARGET`: the two of its own are no fields, though a flow may ask for the reason too. */
function parseBreakGlass(tail: string, rest: readonly string[]): ParsedComment {
  const parsed = parseRequest(tail, rest, 'break-glass');
  if (parsed.type !== 'request') return parsed;
  const {
    [breakGlassWords.reason]: reason,
    [breakGlassWords.confirm]: confirm,
    ...fields
  } = parsed.form.fields;
  return {
    ...parsed,
    form: { ...parsed.form, fields },
    breakGlass: { reason: textOf(reason), confirm: textOf(confirm) },
  };
}

const breakGlassWords = { reason: 'reason', confirm: confirmation } as const;

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** What they think of it is never guessed: a review that says nothing of it would else pass for a good one. */
function parseReview(tail: string, rest: readonly string[]): ParsedComment {
  const [, word, left = ''] = /^(fine|concern)\b[:,.]?\s*(.*)$/i.exec(tail) ?? [];
  if (word === undefined)
    return malformed('It does not say what you think of it: /review fine WORDS, or /review concern WORDS.');
  const outcome = word.toLowerCase() === 'fine' ? 'fine' : 'concern';
  return { type: 'review', outcome, ...messageOf(left, rest) };
}

/** In one walk: a comment may hold thousands of names. */
function firstRepeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

function malformed(problem: string): ParsedComment {
  return { type: 'malformed', problem };
}

function isDuration(word: string): boolean {
  return parseDuration(word) !== undefined || /^until[-_]revoked$/.test(word);
}

interface Word {
  readonly name?: string;
  readonly value: string;
}

/** Undefined where a quotation mark is not closed. */
function splitWords(text: string): readonly Word[] | undefined {
  const words: Word[] = [];
  const next = /\s*(?:([A-Za-z][A-Za-z0-9_]*)=)?(?:"((?:[^"\\]|\\.)*)"|“([^”]*)”|([^\s"“”]+))(?=\s|$)/y;
  while (text.slice(next.lastIndex).trim() !== '') {
    const found = next.exec(text);
    if (found === null) return undefined;
    const [, name, quoted, curly, bare] = found;
    const value = quoted?.replace(/\\(.)/g, '$1') ?? curly ?? bare ?? '';
    words.push(name === undefined ? { value } : { name, value });
  }
  return words;
}

/** A line that is no field goes on with the field above; an empty line ends that. */
function fieldLines(lines: readonly string[]): readonly { readonly name: string; readonly value: string }[] {
  const fields: { name: string; value: string }[] = [];
  let mayGoOn = false;
  for (const line of lines) {
    const [, name, value] = /^ {0,3}([A-Za-z][A-Za-z0-9_]*):(?:[ \t]+(.*))?$/.exec(line) ?? [];
    const last = fields.at(-1);
    if (name !== undefined) fields.push({ name, value: value?.trim() ?? '' });
    else if (line.trim() !== '') {
      if (!mayGoOn || last === undefined) break;
      last.value = `${last.value}\n${line.trim()}`.trim();
    }
    mayGoOn = line.trim() !== '';
  }
  return fields;
}
