// The lines that accounts on Slack asked for, and the questions that came of them: each good once and for a while, in this process alone.
import type { SlackUser } from '../clients/slack/answers.ts';
import { minutes } from '../domain/duration.ts';
import { plus, type Account, type DeskId, type Instant, type Milliseconds } from '../domain/names.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { PlacedIdentity } from './link.ts';

export interface LinkLinesParts {
  readonly clock: Clock;
  /** Twenty characters that nobody can guess, capitals and digits. */
  readonly secret: () => string;
}

/** What an account on Slack asked for. */
export interface Offer {
  readonly desk: DeskId;
  readonly user: PlacedIdentity;
  /** All of it: who says it sees whom it is about. */
  readonly line: string;
  readonly askedAt: Instant;
  readonly code: string;
  readonly until: Instant;
}

/** What somebody on GitHub is to confirm: nobody else's answer counts. */
export interface Question {
  readonly offer: Offer;
  readonly asked: Account;
  /** The comment that brought the line. */
  readonly brought: string;
  readonly word: string;
  readonly until: Instant;
}

export interface LinkLines {
  /** One for each account and desk: a new one takes the place of the one before. The line to be said. */
  offer(desk: DeskId, user: PlacedIdentity, shown: SlackUser): string;
  /** Used with this, whoever says it: what others read in a comment is worth nothing any more. */
  take(desk: DeskId, line: string): Offer | 'unknown' | 'changed';
  /** The word that confirms it. */
  ask(question: Omit<Question, 'word' | 'until'>): string;
  takeQuestion(desk: DeskId, asked: Account, word: string): Question | undefined;
  /** What could not be judged was not used. */
  giveBack(taken: Offer | Question): void;
}

export const linkLineMs: Milliseconds = minutes(10);
const wordLength = 8;

export function createLinkLines({ clock, secret }: LinkLinesParts): LinkLines {
  const offers = new Map<string, Offer>();
  const questions = new Map<string, Question>();

  function forget(): Instant {
    const now = clock.now();
    for (const kept of [offers, questions])
      for (const [key, { until }] of kept) if (until <= now) kept.delete(key);
    return now;
  }

  return {
    offer(desk, user, { handle }) {
      const askedAt = forget();
      for (const [code, known] of offers)
        if (known.desk === desk && isSame(known.user, user)) offers.delete(code);
      const code = secret();
      const line = `${plainHandle(handle)} (${user.workspace}/${user.user}) ${code}`;
      offers.set(code, { desk, user, line, askedAt, code, until: plus(askedAt, linkLineMs) });
      return `/link ${line}`;
    },
    take(desk, line) {
      forget();
      const said = line.trim().split(/\s+/);
      const code = said.at(-1) ?? '';
      const offer = offers.get(code);
      if (offer?.desk !== desk) return 'unknown';
      offers.delete(code);
      return offer.line === said.join(' ') ? offer : 'changed';
    },
    ask(question) {
      const word = secret().slice(0, wordLength);
      questions.set(word, { ...question, word, until: plus(forget(), linkLineMs) });
      return word;
    },
    takeQuestion(desk, asked, word) {
      forget();
      const question = questions.get(word.toUpperCase());
      if (question?.offer.desk !== desk || question.asked !== asked) return undefined;
      questions.delete(question.word);
      return question;
    },
    giveBack(taken) {
      if ('code' in taken) offers.set(taken.code, taken);
      else questions.set(taken.word, taken);
    },
  };
}

function isSame(a: PlacedIdentity, b: PlacedIdentity): boolean {
  return a.workspace === b.workspace && a.user === b.user;
}

/** One word, for the line to be read by people. */
function plainHandle(handle: string): string {
  const plain = handle.replace(/[^A-Za-z0-9._-]/g, '').slice(0, 40);
  return plain === '' ? 'somebody' : plain;
}
