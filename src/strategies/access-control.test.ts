import { beforeEach, describe, expect, test } from 'vitest';
import { testOutside } from '../../test/outside.ts';
import { createVirtualClock } from '../../test/virtual-clock.ts';
import type { Settings } from '../domain/flow.ts';
import { deskId, instant, personId, requestId } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { SettleCall } from '../engine/ports/access.ts';
import { createAccessControl, type AccessControlParts } from './access-control.ts';
import { sealingKey } from './seal.ts';
import type { SetCall, Strategy } from './strategy.ts';

const clock = createVirtualClock();
const desk = deskId('github', 1);
const ann = personId('ann');
const ref = { type: 'door', integration: 'main' };
const key = sealingKey(Buffer.alloc(32, 3).toString('base64'));

/** A door with an integration, levels, and output; its behaviour is replaced by each test. */
const world = { holds: 'none', sets: 0, sealed: {}, shownAfter: 0 };
const door: Strategy = {
  type: 'door',
  service: 'The door',
  order: ['none', 'pending', 'ajar', 'open'],
  pending: 'pending',
  settings: {
    type: 'object',
    required: ['room'],
    additionalProperties: false,
    properties: { room: { type: 'string', maxLength: 8 } },
  },
  integration: { type: 'object', required: ['house'], properties: { house: { type: 'string' } } },
  wanted: () => 'open',
  seals: ({ room }) => room === 'vault',
  identify: async ({ person }) => ({ account: `door-${person.id}` }),
  resource: async ({ settings, integration }) => ({
    resource: `door:${String(integration['house'])}/${String(settings['room'])}`,
  }),
  async read() {
    if (world.shownAfter > 0 && world.sets > 0) {
      world.shownAfter -= 1;
      return { holds: 'none' };
    }
    return { holds: world.holds };
  },
  async set({ sealed }, holding) {
    world.sets += 1;
    world.sealed = sealed;
    world.holds = holding;
    return { recorded: { log: 'seen' }, sealed: { lease: 'hush-hush' } };
  },
};

let strategy: Strategy;
let integrations: readonly Settings[];
beforeEach(() => {
  Object.assign(world, { holds: 'none', sets: 0, sealed: {}, shownAfter: 0 });
  strategy = door;
  integrations = [{ house: 'main' }];
});

function access(parts: Partial<AccessControlParts> = {}) {
  return createAccessControl({
    strategies: [strategy],
    clock,
    outside: testOutside({ clock, fetch: async () => new Response() }),
    person: async (_, id) => (id === ann ? { id } : undefined),
    integrations: async () => integrations,
    githubLogin: async () => undefined,
    sealing: { keys: key ? [key] : [], nonce: () => Buffer.alloc(12, 5) },
    ...parts,
  });
}

const call: SettleCall = {
  request: requestId('01R'),
  desk,
  strategy: ref,
  settings: { room: 'lobby' },
  resource: 'door:main/lobby',
  account: 'door-ann',
  before: 'none',
  wanted: ['open'],
  purpose: 'escalate',
  signal: new AbortController().signal,
};

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const thrown = await clock.settle(work.then(String, (error: unknown) => error));
  if (thrown instanceof Failure) return thrown;
  throw new Error(`It should have failed, and gave ${String(thrown)}.`);
}

describe('looking', () => {
  test('says what is held and asked', async () => {
    world.holds = 'ajar';
    expect(await access().look(desk, ref, { room: 'lobby' }, ann)).toEqual({
      resource: 'door:main/lobby',
      account: 'door-ann',
      wanted: 'open',
      holds: 'ajar',
      covered: false,
      integration: { house: 'main' },
    });
  });

  test('counts what the account can do from other sources as covered, and never as what it holds', async () => {
    strategy = { ...door, read: async () => ({ holds: 'none', effective: 'open' }) };
    expect(await access().look(desk, ref, { room: 'lobby' }, ann)).toMatchObject({
      holds: 'none',
      effective: 'open',
      covered: true,
    });
  });

  test.each([
    ['a strategy that does not exist', { type: 'window' }, { room: 'lobby' }, 'no strategy of that type'],
    ['a setting that is missing', ref, {}, '`room` is missing'],
    ['a setting that does not exist', ref, { room: 'lobby', floor: 3 }, 'no setting `floor`'],
    [
      'a setting that is not valid',
      ref,
      { room: 'the-secret-cellar' },
      '`room` must NOT have more than 8 characters',
    ],
    [
      'an integration that is not declared',
      { type: 'door' },
      { room: 'lobby' },
      'declares none of that name',
    ],
  ])('is impossible with %s', async (_, strategyRef, settings, why) => {
    const seen = await access().look(desk, strategyRef, settings, ann);
    expect(seen).toMatchObject({ missing: 'impossible' });
    expect('why' in seen && seen.why).toContain(why);
    expect(JSON.stringify(seen)).not.toContain('cellar');
  });

  test('is impossible before anything is granted where a key to seal with is missing', async () => {
    const seen = await access({ sealing: { keys: [], nonce: () => Buffer.alloc(12) } }).look(
      desk,
      ref,
      { room: 'vault' },
      ann,
    );
    expect(seen).toMatchObject({ missing: 'impossible' });
    expect('why' in seen && seen.why).toContain('COUNTERSIGN_SEALING_KEY');
  });

  test('knows no account of somebody who is not in people.yml', async () => {
    expect(await access().look(desk, ref, { room: 'lobby' }, personId('zoe'))).toMatchObject({
      missing: 'no-identity',
      service: 'The door',
    });
  });

  test('is unavailable while the service is down, and impossible where it refuses for good', async () => {
    strategy = { ...door, read: () => Promise.reject(new Failure('down', { transient: true })) };
    expect(await access().look(desk, ref, { room: 'lobby' }, ann)).toEqual({
      missing: 'unavailable',
      why: 'down',
    });
    strategy = { ...door, read: () => Promise.reject(new Failure('no', { transient: false })) };
    expect(await access().look(desk, ref, { room: 'lobby' }, ann)).toEqual({
      missing: 'impossible',
      why: 'no',
    });
  });

  test('gives up a service that hangs', async () => {
    strategy = { ...door, read: () => new Promise(() => {}) };
    const seen = await clock.settle(access().look(desk, ref, { room: 'lobby' }, ann), 11_000);
    expect(seen).toMatchObject({ missing: 'unavailable', why: 'The door did not answer in time.' });
  });

  test('does not ask for what waits to be accepted', async () => {
    world.holds = 'pending';
    expect(await access().look(desk, ref, { room: 'lobby' }, ann)).toMatchObject({ missing: 'impossible' });
  });

  test('says an obstacle beforehand, but not to who has the access already', async () => {
    strategy = { ...door, obstacle: async () => 'The lock is rusty.' };
    expect(await access().look(desk, ref, { room: 'lobby' }, ann)).toEqual({
      missing: 'impossible',
      why: 'The lock is rusty.',
    });
    world.holds = 'open';
    expect(await access().look(desk, ref, { room: 'lobby' }, ann)).toMatchObject({ covered: true });
  });

  test('is impossible through the grants app where there is none, and says what to set', async () => {
    strategy = {
      ...door,
      async read({ using }) {
        await using.github('acme');
        return { holds: 'none' };
      },
    };
    const seen = await access().look(desk, ref, { room: 'lobby' }, ann);
    expect('why' in seen && seen.why).toContain('COUNTERSIGN_GRANTS_APP_ID');
  });
});

describe('settling', () => {
  test('waits for a service that shows late what was set', async () => {
    world.shownAfter = 4;
    expect(await clock.settle(access().settle(call), 10_000)).toMatchObject({
      verified: 'read-back',
      holds: 'open',
    });
  });

  test('does not say that access is there which the service never shows', async () => {
    world.shownAfter = 100;
    expect(await failureOf(access().settle(call))).toMatchObject({ transient: true });
  });

  test('is given up after a minute, and the call is aborted', async () => {
    let signal: AbortSignal | undefined;
    strategy = {
      ...door,
      set(setCall: SetCall) {
        signal = setCall.using.signal;
        return new Promise(() => {});
      },
    };
    expect(await failureOf(access().settle(call))).toMatchObject({
      transient: true,
      message: 'The door did not answer in time.',
    });
    expect(signal?.aborted).toBe(true);
  });

  test('gives an asynchronous service the time it asks for', async () => {
    strategy = {
      ...door,
      patienceMs: 600_000,
      async set(setCall, holding) {
        await setCall.using.clock.sleep(300_000, setCall.using.signal);
        return door.set(setCall, holding);
      },
    };
    expect(await clock.settle(access().settle(call))).toMatchObject({ holds: 'open' });
  });

  test('an invitation is not access, and is an error that will not go away', async () => {
    strategy = {
      ...door,
      async set() {
        world.holds = 'pending';
        return {};
      },
    };
    const failure = await failureOf(access().settle(call));
    expect(failure.transient).toBe(false);
    expect(failure.message).toContain('not in the organisation');
  });

  test('checks an obstacle once more right before it grants', async () => {
    strategy = { ...door, obstacle: async () => 'The lock is rusty.' };
    expect(await failureOf(access().settle(call))).toMatchObject({
      transient: false,
      message: 'The lock is rusty.',
    });
    expect(world.sets).toBe(0);
  });

  test('an obstacle never keeps access from being taken back', async () => {
    world.holds = 'open';
    strategy = { ...door, obstacle: async () => 'The lock is rusty.' };
    await access().settle({ ...call, purpose: 'deescalate', wanted: [] });
    expect(world.holds).toBe('none');
  });

  test('neither grants after the last moment nor lets a fetch leave', async () => {
    expect((await failureOf(access().settle({ ...call, notAfter: instant(0) }))).message).toContain(
      'too late',
    );
    strategy = {
      ...door,
      async read({ using }) {
        await using.fetch('http://localhost/', {});
        return { holds: 'none' };
      },
    };
    expect((await failureOf(access().settle({ ...call, notAfter: instant(0) }))).message).toContain(
      'too late',
    );
    expect(world.sets).toBe(0);
  });

  test('does not touch a holding that it cannot compare', async () => {
    world.holds = 'custom';
    expect(await failureOf(access().settle({ ...call, purpose: 'deescalate', wanted: [] }))).toMatchObject({
      transient: false,
    });
    expect(world).toMatchObject({ sets: 0, holds: 'custom' });
  });
});

describe('sessions that are open at the end', () => {
  const cut: SetCall['purpose'][] = [];
  const ending = { ...ref, endSessions: true } as const;
  const end = { ...call, strategy: ending, purpose: 'deescalate', wanted: [] } as const;
  beforeEach(() => {
    cut.length = 0;
    world.holds = 'open';
    strategy = {
      ...door,
      async endSessions({ purpose }, endedAt) {
        expect(world.holds).not.toBe('open');
        expect(endedAt).toBe(clock.now());
        cut.push(purpose);
      },
    };
  });

  test('are cut once the access is gone, and also where it was gone already', async () => {
    await clock.settle(access().settle(end));
    await clock.settle(access().settle(end));
    expect(cut).toEqual(['deescalate', 'deescalate']);
  });

  test('are cut where less is put back', async () => {
    await clock.settle(access().settle({ ...end, before: 'ajar' }));
    expect(cut).toHaveLength(1);
  });

  test('go on where the flow does not ask, at a grant, and where something still gives the same', async () => {
    await clock.settle(access().settle({ ...end, before: 'open' }));
    await clock.settle(access().settle({ ...end, wanted: ['open'] }));
    strategy = { ...strategy, read: async () => ({ holds: world.holds, effective: 'open' }) };
    await clock.settle(access().settle(end));
    await clock.settle(access().settle({ ...end, strategy: ref }));
    await clock.settle(access().settle({ ...call, strategy: ending }));
    expect(cut).toEqual([]);
  });

  test('keep it from being done as long as they cannot be cut', async () => {
    strategy = {
      ...strategy,
      async endSessions() {
        throw new Failure('The door is stuck.', { transient: true });
      },
    };
    expect(await failureOf(access().settle(end))).toMatchObject({ transient: true });
    expect(world.holds).toBe('none');
  });
});

describe('output', () => {
  const vault = { ...call, settings: { room: 'vault' }, resource: 'door:main/vault' };

  test('is recorded, or sealed for the end of the same request', async () => {
    const settled = await access().settle(vault);
    expect(settled.recorded).toEqual({ log: 'seen' });
    expect(JSON.stringify(settled)).not.toContain('hush');
    await access().settle({ ...vault, purpose: 'deescalate', wanted: [], sealed: settled.sealed ?? '' });
    expect(world.sealed).toEqual({ lease: 'hush-hush' });
  });

  test('is asked for again where the answer to the grant was lost', async () => {
    world.holds = 'open';
    expect((await access().settle(vault)).sealed).toBeDefined();
  });

  test('does not open for another request', async () => {
    const { sealed = '' } = await access().settle(vault);
    const other = { ...vault, request: requestId('01S'), purpose: 'deescalate', wanted: [], sealed } as const;
    expect((await failureOf(access().settle(other))).message).toContain('another request');
  });
});

describe('an integration that a desk changed', () => {
  const end = { ...call, purpose: 'deescalate', wanted: [] } as const;
  beforeEach(() => {
    world.holds = 'open';
  });

  test('is not used where it leads elsewhere: what the request was pinned to still is', async () => {
    integrations = [{ house: 'elsewhere' }, { house: 'main' }];
    expect(await access().settle(end)).toMatchObject({ holds: 'none' });
  });

  test('does not stop the end by being removed or broken', async () => {
    integrations = [{ horse: 'main' }, { house: 'main' }];
    expect(await access().settle(end)).toMatchObject({ holds: 'none' });
  });

  test('never redirects a grant', async () => {
    integrations = [{ house: 'elsewhere' }, { house: 'main' }];
    expect((await failureOf(access().settle(call))).transient).toBe(false);
    expect(world.sets).toBe(0);
  });

  test('is kept with the grant, so that its end needs nothing that the desk says now', async () => {
    expect(await access().look(desk, ref, { room: 'hall' }, ann)).toMatchObject({
      integration: { house: 'main' },
    });
    integrations = [{ house: 'elsewhere' }, { house: 'another' }];
    expect(await access().settle({ ...end, integration: { house: 'main' } })).toMatchObject({
      holds: 'none',
    });
  });

  test('is not waited for, where GitHub does not say how it is now', async () => {
    const ending = access({ integrations: () => new Promise(() => undefined) }).settle({
      ...end,
      integration: { house: 'main' },
    });
    expect(await clock.settle(ending)).toMatchObject({ holds: 'none' });
  });

  test('may have lost what opens the door: then it is as it was when the access was given', async () => {
    strategy = {
      ...door,
      async set(setCall, holding) {
        if (setCall.integration['key'] === 'lost')
          throw new Failure('There is no such key.', { transient: false });
        return door.set(setCall, holding);
      },
    };
    integrations = [{ house: 'main', key: 'lost' }];
    expect(await access().settle({ ...end, integration: { house: 'main' } })).toMatchObject({
      holds: 'none',
    });
  });

  test('is said, where there is no way left to take the access back', async () => {
    integrations = [];
    expect((await failureOf(access().settle(end))).message).toContain('removed, or leads elsewhere');
  });
});

describe('a secret', () => {
  test('is asked for with the environment of the integration, and with what it is for', async () => {
    const wishes: unknown[] = [];
    strategy = {
      ...door,
      async read({ using }) {
        await using.secret('DOOR', 'door.test');
        return { holds: 'open' };
      },
    };
    const outside = testOutside({ clock, secret: (wish) => void wishes.push(wish) });
    const control = access({ outside });
    const ofProd = { ...ref, integration: 'prod/main' };
    await control.look(desk, ofProd, { room: 'lobby' }, ann);
    await control.settle({ ...call, wanted: ['open'] });
    await control.settle({ ...call, strategy: ofProd, before: 'open', wanted: [], purpose: 'deescalate' });
    const wish = { desk, name: 'DOOR', host: 'door.test' };
    expect(wishes).toEqual([
      { ...wish, environment: 'prod', purpose: 'look' },
      { ...wish, purpose: 'escalate' },
      { ...wish, environment: 'prod', purpose: 'deescalate' },
    ]);
  });
});

describe('a service whose reads are late', () => {
  const settle = (more: Partial<SettleCall>) => clock.settle(access().settle({ ...call, ...more }));
  const revoke = { purpose: 'deescalate', wanted: [] } as const;
  beforeEach(() => {
    strategy = { ...door, readsLate: true };
  });

  test('is told to take back what it does not show', async () => {
    expect(await settle(revoke)).toMatchObject({ holds: 'none' });
    expect(world.sets).toBe(1);
  });

  test('is told to grant what it shows, for it may be gone already', async () => {
    world.holds = 'open';
    expect(await settle({})).toMatchObject({ holds: 'open' });
    expect(world.sets).toBe(1);
  });

  test('is never told to take what was there before, what another grant needs, or what somebody else gave', async () => {
    await settle({ ...revoke, before: 'open' });
    await settle({ ...revoke, wanted: ['open'] });
    world.holds = 'open';
    await settle({ before: 'open' });
    strategy = { ...strategy, wanted: () => 'ajar' };
    await settle(revoke);
    expect(world).toMatchObject({ sets: 0, holds: 'open' });
  });
});

describe('a thing that cannot be found again', () => {
  const gone = { missing: 'impossible', why: 'It is gone.' } as const;
  test('is taken back where the strategy knows that the integration leads there, and not granted', async () => {
    world.holds = 'open';
    strategy = {
      ...door,
      resource: async () => gone,
      leadsTo: async ({ resource, integration }) =>
        resource.startsWith(`door:${String(integration['house'])}/`),
    };
    expect((await failureOf(access().settle(call))).message).toContain('leads elsewhere');
    integrations = [{ house: 'other' }];
    const revoke = { ...call, purpose: 'deescalate', wanted: [] } as const;
    expect((await failureOf(access().settle(revoke))).message).toContain('leads elsewhere');
    expect(world.sets).toBe(0);
    integrations = [{ house: 'main' }];
    expect(await access().settle(revoke)).toMatchObject({ holds: 'none' });
  });
});

describe('what goes with a grant', () => {
  const { purpose: _, ...grant } = call;
  const told = { password: 'open sesame' };

  test('goes to whoever asks for it, and no further', async () => {
    strategy = {
      ...door,
      handsOver: () => true,
      set: async (...args) => ({ ...(await door.set(...args)), handedOver: told }),
    };
    const settled = await access().settle(call);
    expect(JSON.stringify(settled)).not.toContain('sesame');
    expect(await access().look(desk, ref, { room: 'lobby' }, ann)).toMatchObject({ handsOver: true });
    expect(await access().handOver(grant)).toEqual(told);
  });

  test('takes nothing from another grant of more', async () => {
    const aims: string[] = [];
    strategy = {
      ...door,
      order: ['none', 'ajar', 'open'],
      wanted: () => 'ajar',
      set: async (_call, holding) => {
        aims.push(holding);
        return { handedOver: told };
      },
    };
    world.holds = 'open';
    await access().handOver({ ...grant, wanted: ['ajar', 'open'] });
    // Nor from what somebody gave by hand, which nothing here knows of.
    await access().handOver({ ...grant, wanted: ['ajar'] });
    expect(aims).toEqual(['open', 'open']);
  });

  test('is a failure where the service says nothing', async () => {
    world.holds = 'open';
    strategy = { ...door, handsOver: () => true };
    expect((await failureOf(access().handOver(grant))).message).toContain('answered nothing');
  });

  test('is not shown where it goes with another thing than the one that is taken back', async () => {
    let lease = 0;
    const key = { keys: [{ kid: 'test', key: Buffer.alloc(32, 7) }], nonce: () => Buffer.alloc(12, 1) };
    strategy = {
      ...door,
      set: async (...args) => {
        lease += 1;
        return { ...(await door.set(...args)), sealed: { lease: `lease-${lease}` }, handedOver: told };
      },
    };
    const vault = { ...grant, settings: { room: 'vault' }, resource: 'door:main/vault' };
    const { sealed = '' } = await access({ sealing: key }).settle({ ...vault, purpose: 'escalate' });
    const again = await failureOf(access({ sealing: key }).handOver({ ...vault, sealed }));
    expect(again.message).toBe('The door gave another thing than the one that is taken back in the end.');
    lease = 0;
    expect(await access({ sealing: key }).handOver({ ...vault, sealed })).toEqual(told);
  });

  test('gives nothing again that somebody took away since', async () => {
    strategy = {
      ...door,
      handsOver: () => true,
      set: async (...args) => ({ ...(await door.set(...args)), handedOver: told }),
    };
    await access().settle(call);
    world.holds = 'none';
    expect(await failureOf(access().handOver(grant))).toMatchObject({
      message: 'The door does not show the access any more.',
    });
    expect(world).toMatchObject({ holds: 'none', sets: 1 });
  });

  test('is not asked for where the integration leads elsewhere, nor too late', async () => {
    integrations = [{ house: 'other' }];
    expect((await failureOf(access().handOver(grant))).message).toContain('leads elsewhere');
    expect(world.sets).toBe(0);
  });
});
