// Links an account on Slack to a person by a proof from both sides: that account asks for a line, and the person says it on GitHub and confirms what it means.
import type { SlackUser } from '../clients/slack/answers.ts';
import type { Desk, People, Person } from '../desk/desk.ts';
import { speaker, type Voice } from '../domain/commands.ts';
import { minutes } from '../domain/duration.ts';
import type { Links } from '../domain/links.ts';
import {
  account as accountOf,
  group,
  plus,
  type Account,
  type DeskId,
  type Instant,
  type PersonId,
} from '../domain/names.ts';
import type { Refusal } from '../domain/refusals.ts';
import type { IdentityBook } from '../engine/identity-book.ts';
import type { LinkBook } from '../engine/link-book.ts';
import type { AskedOnSlack, Linking, LinkOffer, SlackFace } from '../engine/linking.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { Clock } from '../engine/ports/clock.ts';
import { withinTime } from '../engine/time-limit.ts';
import type { IdentifyingDirectory } from './directory.ts';
import { createForgetting, serviceAccountOf } from './forgetting.ts';
import { isIn, isInForce, slackIdentityOf, type PlacedIdentity } from './link.ts';
import { createLinkLines, type Offer, type Question } from './link-lines.ts';
import { isColleague, slackUserOf } from './slack-person.ts';
import type { SlackLookups, SlackWorkspace } from './slack-lookups.ts';

export interface LinkingParts {
  readonly desks: { desk(id: DeskId): Promise<Desk> };
  readonly served: readonly DeskId[];
  readonly directory: IdentifyingDirectory;
  /** Absent where Slack is not set up. */
  readonly slack?: SlackLookups;
  readonly book: () => LinkBook;
  readonly identities: () => Pick<IdentityBook, 'forget'>;
  readonly clock: Clock;
  /** Twenty characters that nobody can guess, capitals and digits. */
  readonly secret: () => string;
  /** What people call a workspace. */
  readonly nameOf: (workspace: string) => Promise<string>;
}

/** How long it is known what became of a comment that may be delivered again. */
const rememberedMs = minutes(60);
const lookupMs = 5_000;
const admins = group('role:admin');

type Refused = { readonly refusal: Refusal };

export function createLinking(parts: LinkingParts): Linking {
  const { desks, served, directory, slack, nameOf, book, clock } = parts;
  const lines = createLinkLines(parts);
  const forget = createForgetting(parts);

  async function ask(account: Account): Promise<Awaited<ReturnType<Linking['ask']>>> {
    const user = slackIdentityOf(account);
    const homes = user ? await homesOf(user.workspace) : [];
    if (user === undefined || homes.length === 0)
      return refuse({ code: 'may-not-link', why: 'other-workspace' });
    const known: AskedOnSlack['known'][number][] = [];
    const made: LinkOffer[] = [];
    for (const { desk, workspace } of homes) {
      const found = await userIn(workspace, user);
      const identified = await directory.identify(desk, account);
      if (identified?.by === 'guests') return refuse({ code: 'may-not-link', why: 'guest' });
      if (identified !== null) known.push({ desk, ...identified });
      else if (found === undefined || !isColleague(found, workspace))
        return refuse({ code: 'may-not-link', why: 'not-a-colleague' });
      else made.push({ desk, line: lines.offer(desk, user, found) });
    }
    return { account, offers: made, known };
  }

  /** The served desks whose own workspace it is. */
  async function homesOf(
    team: string,
  ): Promise<readonly { readonly desk: DeskId; readonly workspace: SlackWorkspace }[]> {
    const found = await Promise.all(served.map(async (desk) => ({ desk, workspace: await slack?.of(desk) })));
    return found.flatMap(({ desk, workspace }) =>
      workspace?.workspace === team ? [{ desk, workspace }] : [],
    );
  }

  async function bring(desk: DeskId, voice: Voice, line: string): ReturnType<Linking['bring']> {
    const person = await memberOf(desk, voice);
    if ('refusal' in person) return person;
    const taken = lines.take(desk, line);
    if (taken === 'unknown') return refuse({ code: 'link-not-valid', why: 'code' });
    if (taken === 'changed') return refuse({ code: 'link-not-valid', why: 'changed' });
    const face = await judged(taken, () => judge(desk, person, taken.user));
    if ('refusal' in face) return face;
    const word = lines.ask({ offer: taken, asked: voice.account, brought: voice.ref });
    return { asks: face, person: person.id, word };
  }

  async function confirm(desk: DeskId, voice: Voice, word: string): ReturnType<Linking['confirm']> {
    const person = await memberOf(desk, voice);
    if ('refusal' in person) return person;
    const question = lines.takeQuestion(desk, voice.account, word);
    if (question === undefined) return refuse({ code: 'link-not-valid', why: 'answer' });
    return judged(question, () => link(desk, voice, person, question));
  }

  async function judged<T>(taken: Offer | Question, judge: () => Promise<T>): Promise<T> {
    try {
      return await judge();
    } catch (error) {
      lines.giveBack(taken);
      throw error;
    }
  }

  async function link(
    desk: DeskId,
    voice: Voice,
    person: Person,
    { offer: { user, askedAt }, brought }: Question,
  ): Promise<Awaited<ReturnType<Linking['confirm']>>> {
    const face = await judge(desk, person, user);
    if ('refusal' in face) return face;
    const people = await peopleOf(desk);
    let refusal: Refusal | undefined;
    const { account, handle } = face;
    const recorded = await book().record(desk, (links) => {
      refusal = inTheWay(links, people, { account, user, person: person.id });
      if (refusal) return undefined;
      const proof = { asked: askedAt, brought };
      return {
        type: 'linked',
        by: speaker(voice, person.id),
        data: { account, name: handle, person: person.id, proof },
      };
    });
    if (refusal) return refuse(refusal);
    if (recorded === 'too-many') return refuse({ code: 'may-not-link', why: 'too-many' });
    if (recorded === 'frozen')
      return refuse({ code: 'desk-frozen', why: 'its ledger is not as it should be' });
    return { linked: face, person: person.id };
  }

  /** All that has to hold of both accounts now, but for what others have linked. */
  async function judge(desk: DeskId, person: Person, user: PlacedIdentity): Promise<SlackFace | Refused> {
    const workspace = await slack?.of(desk);
    if (workspace?.workspace !== user.workspace)
      return refuse({ code: 'may-not-link', why: 'other-workspace' });
    const found = await userIn(workspace, user);
    if (found === undefined || !isColleague(found, workspace))
      return refuse({ code: 'may-not-link', why: 'not-a-colleague' });
    const account = accountOf('slack', `${user.workspace}/${user.user}`);
    const files = await desks.desk(desk);
    const known =
      (await directory.identify(desk, account))?.person ?? ownerByEmail(found, person, files.people);
    if (known !== undefined) return refuse({ code: 'account-taken', account, person: known });
    if (isIn(person, user.workspace)) return refuse({ code: 'has-another-account', person: person.id });
    const other = await withinTime({ clock, ms: lookupMs, who: 'Slack' }, (signal) =>
      slackUserOf({ person, files, signal }, workspace),
    );
    if (other !== undefined) return refuse({ code: 'has-another-account', person: person.id });
    const links = await book().of(desk);
    const refusal = inTheWay(links, await peopleOf(desk), { account, user, person: person.id });
    if (refusal) return refuse(refusal);
    return { account, handle: found.handle, name: found.name, workspace: await nameOf(user.workspace) };
  }

  async function unlink(desk: DeskId, voice: Voice, named?: string): ReturnType<Linking['unlink']> {
    const person = await directory.person(desk, voice.account);
    if (person === null)
      return refuse({ code: 'unlinked-account', name: voice.name, account: voice.account });
    const inService = named === undefined ? undefined : serviceAccountOf(named);
    if (inService) return forget(desk, speaker(voice, person), inService);
    const links = await book().of(desk);
    if (named === undefined) {
      const own = [...links].filter(([of, { person: owner }]) =>
        voice.surface === 'slack' ? of === voice.account : owner === person,
      );
      return release(
        desk,
        voice,
        person,
        own.map(([of]) => of),
      );
    }
    const account = accountOf('slack', named.replace(/^slack:/, ''));
    const link = links.get(account);
    if (link?.person !== person) {
      const isAdmin = await directory.belongs(desk, person, admins);
      if (typeof isAdmin === 'object')
        return refuse({ code: 'lookup-failed', what: 'whether you are an admin', why: isAdmin.unknown });
      if (!isAdmin) return refuse({ code: 'may-not-unlink', account });
    }
    return release(desk, voice, person, link === undefined ? [] : [account], account);
  }

  async function release(
    desk: DeskId,
    voice: Voice,
    person: PersonId,
    accounts: readonly Account[],
    named?: Account,
  ): Promise<Awaited<ReturnType<Linking['unlink']>>> {
    const unlinked: Account[] = [];
    for (const account of accounts) {
      const recorded = await book().record(desk, (links) => {
        const link = links.get(account);
        // What was linked after this was said is not meant by it: a comment may be heard again much later.
        if (link === undefined || (voice.surface === 'github' && voice.at < link.saidAt)) return undefined;
        return { type: 'unlinked', by: speaker(voice, person), data: { account, person: link.person } };
      });
      if (recorded === 'frozen')
        return refuse({ code: 'desk-frozen', why: 'its ledger is not as it should be' });
      if (recorded === 'recorded') unlinked.push(account);
    }
    return unlinked.length > 0
      ? { unlinked }
      : refuse({ code: 'nothing-to-unlink', ...(named !== undefined && { account: named }) });
  }

  /** Only who has an account on GitHub in people.yml, and is no guest. */
  async function memberOf(desk: DeskId, voice: Voice): Promise<Person | Refused> {
    const person = (await peopleOf(desk)).byAccount.get(voice.account);
    const found = person === undefined ? undefined : (await peopleOf(desk)).persons.get(person);
    if (found === undefined)
      return refuse({ code: 'unlinked-account', name: voice.name, account: voice.account });
    return found.role === 'guest' ? refuse({ code: 'may-not-link', why: 'guest' }) : found;
  }

  async function peopleOf(desk: DeskId): Promise<People> {
    const { people } = await desks.desk(desk);
    if (people === undefined)
      throw new Failure('The file people.yml of the desk is missing or broken.', { transient: true });
    return people;
  }

  async function userIn(workspace: SlackWorkspace, { user }: PlacedIdentity): Promise<SlackUser | undefined> {
    return withinTime({ clock, ms: lookupMs, who: 'Slack' }, (signal) =>
      workspace.lookUps.user(user, signal),
    );
  }

  return {
    identify: (desk, account) => directory.identify(desk, account),
    ask,
    bring: once(clock, bring),
    confirm: once(clock, confirm),
    unlink: once(clock, unlink),
  };
}

/** What others have linked, or they themselves. */
function inTheWay(
  links: Links,
  people: People,
  wish: { readonly account: Account; readonly user: PlacedIdentity; readonly person: PersonId },
): Refusal | undefined {
  const { account, user, person } = wish;
  for (const [known, link] of links) {
    if (!isInForce(link, people, user.workspace)) continue;
    if (known === account) return { code: 'account-taken', account, person: link.person };
    if (link.person === person && slackIdentityOf(known)?.workspace === user.workspace)
      return { code: 'has-another-account', person };
  }
  return undefined;
}

/** Where the address that Slack has confirmed is another's in people.yml, the account is theirs, whatever domain is trusted. */
function ownerByEmail(user: SlackUser, { id }: Person, people: People | undefined): PersonId | undefined {
  const email = user.isEmailConfirmed ? user.email?.toLowerCase() : undefined;
  if (email === undefined) return undefined;
  const named = [...(people?.persons.values() ?? [])].filter((each) => each.email?.toLowerCase() === email);
  return named.find((each) => each.id !== id)?.id;
}

/** A comment may come twice, at once or later: it is answered as it was. */
function once<T, Rest extends readonly unknown[]>(
  clock: Clock,
  answer: (desk: DeskId, voice: Voice, ...said: Rest) => Promise<T>,
): (desk: DeskId, voice: Voice, ...said: Rest) => Promise<T> {
  const answered = new Map<string, { readonly until: Instant; readonly answer: Promise<T> }>();
  return (desk, voice, ...said) => {
    const now = clock.now();
    for (const [ref, { until }] of answered) if (until <= now) answered.delete(ref);
    const known = answered.get(voice.ref);
    if (known !== undefined) return known.answer;
    const given = answer(desk, voice, ...said);
    answered.set(voice.ref, { until: plus(now, rememberedMs), answer: given });
    given.catch(() => answered.delete(voice.ref));
    return given;
  };
}

function refuse(refusal: Refusal): Refused {
  return { refusal };
}
