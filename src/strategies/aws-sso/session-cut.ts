// Writes into a permission set's inline policy whose sessions are over: a deny on what was signed in before. Pure.
import { createHash } from 'node:crypto';
import { between, instant, later, parseInstant, plus, type Instant } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';

export interface Cut {
  readonly account: string;
  readonly user: string;
  /** What was signed in before this is over. */
  readonly before: Instant;
}

/** Several cuts in one statement: any of these users, in any of these accounts, before this. */
interface Cuts {
  readonly accounts: readonly string[];
  readonly users: readonly string[];
  readonly before: Instant;
}

type Json = { readonly [name: string]: unknown };

const sidStart = 'CountersignEnd';
/** AWS counts what is not white space. */
const mostCharacters = 10_240;
/** No session is longer than twelve hours; what is older ends nothing any more. */
const longestSessionMs = 13 * 3_600_000;

/**
 * The policy with this cut, and without those of ours that are over. All else stays as it is. Throws `Failure` where
 * it cannot be read or has no room.
 */
export function withCut(policy: string, cut: Cut, now: Instant): string {
  const { statements, rest } = readPolicy(policy);
  const theirs = statements.filter((each) => !isOurs(each));
  const live = statements
    .filter(isOurs)
    .flatMap(readCuts)
    .filter(({ before }) => between(before, now) < longestSessionMs);
  const write = (cuts: readonly Cuts[]): string =>
    JSON.stringify({ ...rest, Statement: [...theirs, ...cuts.map(statementOf)] });
  let cuts = withOne(live, cut);
  while (write(cuts).replace(/\s/g, '').length > mostCharacters) {
    const fewer = merged(cuts);
    if (fewer === undefined)
      throw new Failure('The inline policy of the permission set has no room to end sessions.', {
        transient: true,
      });
    cuts = fewer;
  }
  return write(cuts);
}

/** Whether the policy ends at least this. */
export function holdsCut(policy: string, { account, user, before }: Cut): boolean {
  return readPolicy(policy)
    .statements.filter(isOurs)
    .flatMap(readCuts)
    .some((cuts) => cuts.accounts.includes(account) && cuts.users.includes(user) && cuts.before >= before);
}

/** A later end of the same person's sessions covers the earlier one. */
function withOne(cuts: readonly Cuts[], { account, user, before }: Cut): readonly Cuts[] {
  const isSame = (each: Cuts): boolean => each.accounts.join() === account && each.users.join() === user;
  const latest = cuts.filter(isSame).reduce((most, each) => later(most, each.before), before);
  const others = cuts.filter((each) => !isSame(each));
  return [...others, { accounts: [account], users: [user], before: latest }];
}

/**
 * The two oldest as one, that ends a little more than they did: nothing that anybody may still use for long, and they
 * can sign in again.
 */
function merged(cuts: readonly Cuts[]): readonly Cuts[] | undefined {
  const [first, second, ...others] = cuts.toSorted((a, b) => (a.before < b.before ? -1 : 1));
  if (first === undefined || second === undefined) return undefined;
  const both = {
    accounts: [...new Set([...first.accounts, ...second.accounts])],
    users: [...new Set([...first.users, ...second.users])],
    before: later(first.before, second.before),
  };
  return [both, ...others];
}

function statementOf({ accounts, users, before }: Cuts): Json {
  const id = createHash('sha256')
    .update(JSON.stringify([accounts, users, before]))
    .digest('hex')
    .slice(0, 12);
  return {
    Sid: `${sidStart}${id}`,
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: {
      StringEquals: { 'aws:PrincipalAccount': accounts, 'identitystore:UserId': users },
      // By the second, as AWS writes it.
      DateLessThan: { 'aws:TokenIssueTime': plus(before, 999).replace(/\.\d+Z$/, 'Z') },
    },
  };
}

function readCuts(statement: Json): readonly Cuts[] {
  const { StringEquals: equals, DateLessThan: date } = objectIn(statement['Condition']);
  const accounts = textsIn(objectIn(equals)['aws:PrincipalAccount']);
  const users = textsIn(objectIn(equals)['identitystore:UserId']);
  const [before] = textsIn(objectIn(date)['aws:TokenIssueTime']).flatMap((each) => parseInstant(each) ?? []);
  return accounts.length === 0 || users.length === 0 || before === undefined
    ? []
    : [{ accounts, users, before: instant(Date.parse(before)) }];
}

function readPolicy(policy: string): { readonly statements: readonly Json[]; readonly rest: Json } {
  if (policy.trim() === '') return { statements: [], rest: { Version: '2012-10-17' } };
  const { Statement: written, ...rest } = objectIn(parsed(policy));
  const statements = (Array.isArray(written) ? written : [written]).filter(isObject);
  if (statements.length === 0) throw unreadable();
  return { statements, rest };
}

function parsed(policy: string): unknown {
  try {
    const value: unknown = JSON.parse(policy);
    return value;
  } catch {
    throw unreadable();
  }
}

function unreadable(): Failure {
  return new Failure('The inline policy of the permission set cannot be read, and is left as it is.', {
    transient: true,
  });
}

function isOurs({ Sid }: Json): boolean {
  return typeof Sid === 'string' && Sid.startsWith(sidStart);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectIn(value: unknown): Json {
  return isObject(value) ? value : {};
}

function textsIn(value: unknown): readonly string[] {
  return [value].flat().filter((each): each is string => typeof each === 'string');
}
