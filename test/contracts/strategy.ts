// What every strategy promises, whatever it gives access to: run against each registered one, through the one calculation.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Grant, Holding } from '../../src/domain/entries.ts';
import type { Settings, StrategyRef } from '../../src/domain/flow.ts';
import { deskId, instant, personId, requestId, type PersonId } from '../../src/domain/names.ts';
import { Failure } from '../../src/engine/ports/failure.ts';
import type { SettleCall, Settled } from '../../src/engine/ports/access.ts';
import type { Ways } from './strategies/passage.ts';

/** A service that a strategy acts on, as a test needs it. */
export interface StrategySubject extends Ways {
  readonly ref: StrategyRef;
  /** A target, and where there are levels one that asks less of the same resource. */
  readonly target: Settings;
  readonly lesser?: Settings;
  readonly person: PersonId;
  /** Somebody whom the service would only invite. */
  readonly outsider?: PersonId;
  /** Whether the service says what an account holds. */
  readonly readable: boolean;
  /** What the person really holds, not as the strategy reads it. */
  holds(person?: PersonId): Promise<Holding>;
  /** Somebody else gives or takes it by hand. */
  give(holding: Holding): Promise<void>;
  /** Invites the outsider, as a careless grant would. */
  invite?(): Promise<void>;
  /** What happens to writes that leave from now on; undefined: nothing. Reads are never troubled. */
  trouble(kind: Trouble | undefined): void;
  /** The next work that the service does in its own time comes to nothing. Absent where it does none. */
  failWork?(): void;
  /** How many writes have left. */
  readonly writes: number;
  close(): Promise<void>;
}

export type Trouble = { readonly status: number } | 'answer-lost' | 'hang';

const desk = deskId('github', 1);
let minted = 0;

/** A grant of one request, as the engine would run it. */
interface GrantRun {
  readonly wanted: Holding;
  readonly before: Holding;
  escalate(options?: Partial<SettleCall>): Promise<Settled>;
  deescalate(options?: Partial<SettleCall>): Promise<Settled>;
}

/** What not every strategy has; the contract asks only of those that have it. */
export type Trait = 'readable' | 'levels' | 'invites' | 'lists';

export function strategyContract(
  name: string,
  traits: readonly Trait[],
  open: () => Promise<StrategySubject>,
): void {
  const has = (trait: Trait): boolean => traits.includes(trait);
  describe(name, () => {
    let subject: StrategySubject;
    beforeAll(async () => {
      subject = await open();
    });
    afterAll(() => subject.close());
    beforeEach(async () => {
      subject.trouble(undefined);
      await subject.give('none');
    });

    async function look(settings: Settings, person = subject.person) {
      const seen = await subject.access.look(desk, subject.ref, settings, person);
      if ('missing' in seen) throw new Error(`It cannot be looked at: ${seen.missing}`);
      return seen;
    }

    async function grantOf(settings: Settings = subject.target, before?: Holding): Promise<GrantRun> {
      const seen = await look(settings);
      minted += 1;
      const call = {
        request: requestId(`01REQUEST${minted}`),
        desk,
        strategy: subject.ref,
        settings,
        resource: seen.resource,
        account: seen.account,
        before: before ?? seen.holds,
        signal: new AbortController().signal,
      };
      let sealed: string | undefined;
      return {
        wanted: seen.wanted,
        before: call.before,
        async escalate(options) {
          const settled = await subject.access.settle({
            ...call,
            purpose: 'escalate',
            wanted: [seen.wanted],
            ...options,
          });
          sealed = settled.sealed;
          return settled;
        },
        deescalate: (options) =>
          subject.access.settle({
            ...call,
            purpose: 'deescalate',
            wanted: [],
            ...(sealed !== undefined && { sealed }),
            ...options,
          }),
      };
    }

    const whereReadable = (sentence: string, run: () => Promise<void>): void => {
      if (has('readable')) test(sentence, run);
    };

    test('has the traits that are said of it', () => {
      expect(subject.readable).toBe(has('readable'));
      expect(subject.lesser !== undefined).toBe(has('levels'));
      expect(subject.outsider !== undefined && subject.invite !== undefined).toBe(has('invites'));
    });

    test('gives what is asked, says how far it was verified, and takes it back', async () => {
      const grant = await grantOf();
      expect(grant.before).toBe('none');
      const given = await grant.escalate();
      expect(given).toMatchObject({
        verified: subject.readable ? 'read-back' : 'answered',
        holds: grant.wanted,
      });
      expect(await subject.holds()).toBe(grant.wanted);
      const taken = await grant.deescalate();
      expect(taken).toMatchObject({ verified: subject.readable ? 'read-back' : 'answered', holds: 'none' });
      expect(await subject.holds()).toBe('none');
    });

    test('lists everybody who holds it, whoever gave it, or says that it cannot', async () => {
      const held = async () => subject.access.holders(desk, subject.ref, subject.target);
      if (!has('lists')) {
        expect(await held()).toMatchObject({ missing: 'unlisted', resource: expect.any(String) });
        return;
      }
      const { resource, account } = await look(subject.target);
      const holdingOf = async () => {
        const listed = await held();
        if ('missing' in listed) throw new Error(listed.why);
        expect(listed).toMatchObject({ resource, order: expect.arrayContaining(['none']) });
        return listed.holders.filter((each) => each.account === account).map(({ holds }) => holds);
      };
      expect(await holdingOf()).toEqual([]);
      const grant = await grantOf();
      await grant.escalate();
      expect(await holdingOf()).toEqual([grant.wanted]);
      await grant.deescalate();
      expect(await holdingOf()).toEqual([]);
      await subject.give(grant.wanted);
      expect(await holdingOf()).toEqual([grant.wanted]);
    });

    test('says what the account of a grant holds now, or that it cannot', async () => {
      const { resource, account, wanted } = await look(subject.target);
      const grant: Grant = {
        ...{ strategy: subject.ref, settings: subject.target, resource, account, wanted },
        before: 'none',
        startBy: instant(0),
        duration: 'until-revoked',
      };
      const held = async () => subject.access.holding(desk, requestId('01HELD'), grant);
      if (!subject.readable) {
        expect(await held()).toMatchObject({ missing: 'unlisted' });
        return;
      }
      expect(await held()).toMatchObject({ holds: 'none' });
      await subject.give(wanted);
      expect(await held()).toMatchObject({ holds: wanted });
    });

    test('sees that the access is there already', async () => {
      const grant = await grantOf();
      expect(await look(subject.target)).toMatchObject({ covered: false, holds: 'none' });
      await grant.escalate();
      expect(await look(subject.target)).toMatchObject({ covered: subject.readable });
    });

    test('may grant twice', async () => {
      const grant = await grantOf();
      await grant.escalate();
      await grant.escalate();
      expect(await subject.holds()).toBe(grant.wanted);
    });

    test('may take back twice, and counts what is already gone as done', async () => {
      const grant = await grantOf();
      await grant.escalate();
      await grant.deescalate();
      await grant.deescalate();
      expect(await subject.holds()).toBe('none');
    });

    test('may take back what was never granted', async () => {
      const grant = await grantOf();
      expect(await grant.deescalate()).toMatchObject({ holds: 'none' });
    });

    test.each([429, 500, 502, 503])('is to be tried again after a %i', async (status) => {
      const grant = await grantOf();
      // A client may wait out a limit by itself: then it is the caller who ends that, for now.
      const soon = () => ({ signal: AbortSignal.timeout(200) });
      subject.trouble({ status });
      expect((await failureOf(grant.escalate(soon()))).transient).toBe(true);
      subject.trouble(undefined);
      await grant.escalate();
      subject.trouble({ status });
      expect((await failureOf(grant.deescalate(soon()))).transient).toBe(true);
      expect(await subject.holds()).toBe(grant.wanted);
    });

    test.each([401, 403, 404, 422])('is not to be tried again to grant after a %i', async (status) => {
      const grant = await grantOf();
      subject.trouble({ status });
      expect((await failureOf(grant.escalate())).transient).toBe(false);
    });

    test('never says that it is gone while it is there', async () => {
      const grant = await grantOf();
      await grant.escalate();
      subject.trouble({ status: 403 });
      await failureOf(grant.deescalate());
      expect(await subject.holds()).toBe(grant.wanted);
    });

    test('shows no value of a setting in any error', async () => {
      const values = telling(subject.target);
      expect(values).not.toHaveLength(0);
      const said: string[] = [];
      for (const trouble of [
        { status: 403 },
        { status: 404 },
        { status: 422 },
        { status: 503 },
        'answer-lost',
      ] as const) {
        const grant = await grantOf();
        subject.trouble(trouble);
        said.push((await failureOf(grant.escalate())).message);
        subject.trouble(undefined);
        await grant.deescalate();
      }
      const wrong = Object.fromEntries(Object.keys(subject.target).map((key) => [key, 'no/such value?']));
      const seen = await subject.access.look(desk, subject.ref, wrong, subject.person);
      expect(seen).toMatchObject({ missing: 'impossible' });
      if ('missing' in seen) said.push(seen.why);
      for (const value of [...values, 'no/such value?']) expect(said.join('\n')).not.toContain(value);
    });

    test('lets go of a call that hangs, and may try again', async () => {
      const grant = await grantOf();
      subject.trouble('hang');
      const stop = new AbortController();
      const hanging = failureOf(grant.escalate({ signal: stop.signal }));
      setTimeout(() => stop.abort(), 60);
      expect((await hanging).transient).toBe(true);
      subject.trouble(undefined);
      await grant.escalate();
      expect(await subject.holds()).toBe(grant.wanted);
    });

    test('is right after an answer was lost and the call repeated', async () => {
      const grant = await grantOf();
      subject.trouble('answer-lost');
      expect((await failureOf(grant.escalate())).transient).toBe(true);
      subject.trouble(undefined);
      await grant.escalate();
      expect(await subject.holds()).toBe(grant.wanted);
      subject.trouble('answer-lost');
      expect((await failureOf(grant.deescalate())).transient).toBe(true);
      subject.trouble(undefined);
      await grant.deescalate();
      expect(await subject.holds()).toBe('none');
    });

    test('takes back a grant whose answer was lost', async () => {
      const grant = await grantOf();
      subject.trouble('answer-lost');
      await failureOf(grant.escalate());
      subject.trouble(undefined);
      await grant.deescalate();
      expect(await subject.holds()).toBe('none');
    });

    test('grants nothing after its last moment', async () => {
      const grant = await grantOf();
      const before = subject.writes;
      await failureOf(grant.escalate({ notAfter: instant(0) }));
      expect(subject.writes).toBe(before);
      expect(await subject.holds()).toBe('none');
    });

    test('keeps what another live grant needs, until that one ends', async () => {
      const first = await grantOf();
      await first.escalate();
      const second = await grantOf(subject.target, first.before);
      await second.escalate({ wanted: [first.wanted, second.wanted] });
      await first.deescalate({ wanted: [second.wanted] });
      expect(await subject.holds()).toBe(second.wanted);
      await second.deescalate();
      expect(await subject.holds()).toBe('none');
    });

    // What cannot be read cannot be told from our own.
    whereReadable('takes nothing from whoever had it before', async () => {
      const wanted = (await look(subject.target)).wanted;
      await subject.give(wanted);
      const grant = await grantOf();
      expect(grant.before).toBe(wanted);
      const before = subject.writes;
      await grant.escalate();
      expect(subject.writes).toBe(before);
      await grant.deescalate();
      expect(await subject.holds()).toBe(wanted);
      expect(subject.writes).toBe(before);
    });

    // What cannot be read cannot be told from our own.
    whereReadable('does not give back what somebody took away meanwhile', async () => {
      const wanted = (await look(subject.target)).wanted;
      const grant = await grantOf(subject.target, wanted);
      await subject.give('none');
      expect(await grant.deescalate()).toMatchObject({ holds: 'none' });
      expect(await subject.holds()).toBe('none');
    });

    if (has('levels'))
      describe('with levels', () => {
        test('restores the lesser level that was there before', async () => {
          const lesser = await lesserOf();
          await subject.give(lesser.wanted);
          const grant = await grantOf();
          expect(grant.before).toBe(lesser.wanted);
          await grant.escalate();
          expect(await subject.holds()).toBe(grant.wanted);
          expect(await grant.deescalate()).toMatchObject({ holds: lesser.wanted });
          expect(await subject.holds()).toBe(lesser.wanted);
        });

        test('never lowers who has more than is asked', async () => {
          const lesser = await lesserOf();
          const { wanted } = await look(subject.target);
          await subject.give(wanted);
          const grant = await grantOf(lesser.settings);
          await grant.escalate();
          await grant.deescalate();
          expect(await subject.holds()).toBe(wanted);
        });

        test('lowers to what the lesser of two grants needs, then to nothing', async () => {
          const lesser = await lesserOf();
          const small = await grantOf(lesser.settings);
          await small.escalate();
          const great = await grantOf(subject.target, small.before);
          await great.escalate({ wanted: [small.wanted, great.wanted] });
          expect(await subject.holds()).toBe(great.wanted);
          await great.deescalate({ wanted: [small.wanted] });
          expect(await subject.holds()).toBe(small.wanted);
          await small.deescalate();
          expect(await subject.holds()).toBe('none');
        });

        test('leaves more than we gave, which somebody gave meanwhile', async () => {
          const lesser = await lesserOf();
          const grant = await grantOf(lesser.settings);
          await grant.escalate();
          const { wanted } = await look(subject.target);
          await subject.give(wanted);
          expect(await grant.deescalate()).toMatchObject({ holds: wanted });
          expect(await subject.holds()).toBe(wanted);
        });

        async function lesserOf() {
          const settings = subject.lesser;
          if (settings === undefined) throw new Error('This one has a single level.');
          return { settings, wanted: (await look(settings)).wanted };
        }
      });

    if (has('invites'))
      describe('with somebody who would only be invited', () => {
        test('says so beforehand, and invites nobody', async () => {
          const before = subject.writes;
          const seen = await subject.access.look(
            desk,
            subject.ref,
            subject.target,
            subject.outsider ?? personId('nobody'),
          );
          expect(seen).toMatchObject({ missing: 'impossible' });
          expect('why' in seen && seen.why).toContain('not in the organisation');
          const { resource, wanted } = await look(subject.target);
          const call = outsidersCall(resource, wanted);
          const failure = await failureOf(subject.access.settle({ ...call, purpose: 'escalate' }));
          expect(failure).toMatchObject({ transient: false });
          expect(failure.message).toContain('not in the organisation');
          expect(subject.writes).toBe(before);
        });

        test('takes back an invitation, which is not access', async () => {
          await subject.invite?.();
          expect(await subject.holds(subject.outsider)).toBe('pending');
          const { resource, wanted } = await look(subject.target);
          const call = outsidersCall(resource, wanted);
          expect((await failureOf(subject.access.settle({ ...call, purpose: 'escalate' }))).transient).toBe(
            false,
          );
          await subject.access.settle({ ...call, wanted: [], purpose: 'deescalate' });
          expect(await subject.holds(subject.outsider)).toBe('none');
        });

        function outsidersCall(resource: string, wanted: Holding): Omit<SettleCall, 'purpose'> {
          const { ref, target } = subject;
          const signal = new AbortController().signal;
          const account = outsidersAccount;
          return {
            request: requestId('01OUTSIDER'),
            desk,
            strategy: ref,
            settings: target,
            resource,
            account,
            before: 'none',
            wanted: [wanted],
            signal,
          };
        }
      });
  });
}

/** The outsider of every world that these suites run in. */
export const outsidersAccount = 'github:666001';

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(Failure);
  if (!(thrown instanceof Failure)) throw new Error('It should have failed.');
  return thrown;
}

/** What a schema lists is no secret of the target's; `acme` or a path is. */
function telling(target: Settings): readonly string[] {
  const listed = new Set([
    'email',
    'MEMBER',
    'MANAGER',
    'OWNER',
    'member',
    'maintainer',
    'maintain',
    'admin',
    'DELETE',
  ]);
  return texts(target).filter((value) => value.length > 3 && !listed.has(value));
}

function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}
