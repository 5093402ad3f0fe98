import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { failureOf, oneGrant, type OneGrant } from '../../../test/contracts/strategies/one-grant.ts';
import {
  openSeats,
  seatsCode,
  seatsRef,
  seatsTarget,
  type SeatsWorld,
} from '../../../test/contracts/strategies/custom-subject.ts';
import type { StrategyRef } from '../../domain/flow.ts';
import { deskId, instant } from '../../domain/names.ts';
import type { SettleCall } from '../../engine/ports/access.ts';

const mine = 'design-suite/ann%40acme.com';
let world: SeatsWorld;
let writes = 0;
beforeAll(async () => {
  world = await openSeats();
});
afterAll(() => world.close());
beforeEach(() => {
  world.seats.clear();
  world.store.clear();
  world.double.mishap(() => undefined);
  Object.assign(world, { outage: false, lag: 0 });
  writes = world.service.writes;
});

type Rewrite = readonly (readonly [from: string, to: string])[];

/** `rewrite`: what is replaced in the worked example, so that it does not behave. */
function open(rewrite: Rewrite = [], service = world.service): OneGrant {
  return oneGrant(service, refAt(world.commit(rewritten(rewrite))), seatsTarget);
}

function refAt(commit: string): StrategyRef {
  return { ...seatsRef, code: { file: 'flows/seats.ts', hosts: [], commit } };
}

/** As if the code that gave it had been this. */
function by(call: SettleCall, rewrite: Rewrite): SettleCall {
  return { ...call, strategy: refAt(world.commit(rewritten(rewrite))) };
}

function rewritten(rewrite: Rewrite): string {
  return rewrite.reduce((code, [from, to]) => {
    if (!code.includes(from)) throw new Error(`The example has no “${from}” any more.`);
    return code.replace(from, () => to);
  }, seatsCode);
}

const brokenRead = [
  'async read(seat) {',
  "async read(seat) { if (Date.now() > 0) throw new TypeError('x is not a function');",
] as const;
/** Says that it is done, and does nothing. */
const liar = rewritten([
  ['async set(seat) {', 'async set(seat) { if (Date.now() > 0) return;'],
  ['async read(seat) {', "async read(seat) { if (Date.now() > 0) return { holds: 'none' };"],
]);

describe('what it gives access to', () => {
  test('has a key that says desk, file and service, so that nothing else makes it', async () => {
    const grant = open();
    expect(await grant.look()).toMatchObject({
      resource: 'custom:github:1/seats.ts@https://licences.acme.com/v1 seats/design-suite',
      account: 'ann@acme.com',
      wanted: 'editor',
    });
  });

  test('is granted only as long as it is the thing that was approved', async () => {
    const grant = open();
    const call = await grant.call();
    const other = { ...call, resource: call.resource.replace('design-suite', 'render-farm') };
    expect((await failureOf(grant.give(other))).message).toContain('than when this was approved');
    const foreign = { ...call, resource: call.resource.replace('github:1', 'github:2') };
    await failureOf(grant.give(foreign));
    await failureOf(grant.end(foreign));
    expect(world.service.writes).toBe(writes);
  });

  test('may be taken back although the code does not find it again', async () => {
    const grant = open();
    const call = await grant.call();
    await grant.give(call);
    const settings = { ...seatsTarget, product: 'closed-down' };
    expect(await grant.end({ ...call, settings })).toMatchObject({ holds: 'none' });
    expect(world.seats.size).toBe(0);
  });
});

test('waits until a service that is late shows what was set, and takes back what does not show yet', async () => {
  const grant = open();
  const call = await grant.call();
  world.lag = 2;
  expect(await grant.give(call)).toMatchObject({
    verified: 'read-back',
    holds: 'editor',
    recorded: { seat: 'S-17' },
  });
  world.lag = 0;
  expect(await grant.end(call)).toMatchObject({ verified: 'read-back', holds: 'none' });
  world.lag = 3;
  world.service.trouble('answer-lost');
  await failureOf(grant.give(call));
  world.service.trouble(undefined);
  expect(world.seats.get(mine)).toBe('editor');
  await grant.end(call);
  expect(world.seats.size).toBe(0);
});

describe('code that does not behave', () => {
  test.each([
    [
      'describe',
      [['defineStrategy({', '({ describe: () => ({ order: ["none", "viewer", "none"] }),'] as const],
    ],
    ['describe', [['defineStrategy({', '({ describe: () => null,'] as const]],
    ['describe', [['defineStrategy({', '({'] as const]],
    ['wanted', [["levelOf(settings['level'])", '"owner" as never'] as const]],
    ['wanted', [["levelOf(settings['level'])", '"none" as never'] as const]],
    ['identify', [['{ account: person.email }', '{ account: { toString: "ann" } } as never'] as const]],
    ['identify', [['{ account: person.email }', '{ account: "ann\\u0000\\nbob" }'] as const]],
    ['resource', [['{ resource: `seats/${product}` }', '{ resource: "" }'] as const]],
    ['resource', [['{ resource: `seats/${product}` }', '[] as never'] as const]],
    ['read', [['{ holds: answer.ok', '{ holds: "owner" as never, x: answer.ok'] as const]],
    [
      'read',
      [['async read(seat) {', "async read(seat) { if (Date.now() > 0) return 'none' as never;"] as const],
    ],
  ])('is told by file and function where %s answers nothing usable', async (name, rewrite) => {
    const grant = open(rewrite);
    const seen = await grant.look();
    expect(seen).toMatchObject({ missing: 'impossible' });
    expect('why' in seen && seen.why).toMatch(new RegExp(`^flows/seats\\.ts, ${name}`));
    expect(world.service.writes).toBe(writes);
  });

  test.each([
    ['output that is no text', '{ recorded: { seat: { id: 1 } } } as never'],
    ['a seal that it did not announce', '{ sealed: { id: "4711" } }'],
    ['a text', '"done" as never'],
  ])(
    'is not believed where it answers a grant by %s; what it gave is taken back all the same',
    async (_, answer) => {
      const grant = open([["{ recorded: { seat: String(valueIn(answer, 'seat')) } }", answer]]);
      const call = await grant.call();
      const failure = await failureOf(grant.give(call));
      expect(failure).toMatchObject({ transient: false });
      expect(failure.message).toMatch(/^flows\/seats\.ts, set/);
      await grant.end(call);
      expect(world.seats.size).toBe(0);
    },
  );

  test.each([
    ['loops', 'for (;;);'],
    ['takes all memory', 'const all: Uint8Array[] = []; for (;;) all.push(new Uint8Array(1_000_000));'],
  ])('that %s is ended, and is to be tried again', async (_, loop) => {
    const grant = open([
      [
        'async read(seat) {',
        `async read(seat) { if (Date.now() > 0) ${loop.startsWith('for') ? loop : `{ ${loop} }`}`,
      ],
    ]);
    expect(await grant.look()).toMatchObject({ missing: 'unavailable' });
  });

  test('reaches no host that is not listed', async () => {
    const grant = open([
      [
        "integration: 'licences',\n    path: `${resource}/${encodeURIComponent(account)}`",
        "url: 'https://evil.example/' + resource + account",
      ],
    ]);
    const seen = await grant.look();
    expect(seen).toMatchObject({ missing: 'impossible' });
    expect('why' in seen && seen.why).toContain('may not reach evil.example');
  });

  test('says which integration it may use where it names another', async () => {
    const grant = open([["integration: 'licences'", "integration: 'licenses'"]]);
    const seen = await grant.look();
    expect('why' in seen && seen.why).toContain(
      'The flow names “licences” for this code, and not “licenses”. Write in the code what the flow names, or name the other in the flow.',
    );
  });

  test('names its integration as the flow does, also where an environment has its own', async () => {
    const ref = { ...refAt(world.commit(seatsCode)), integration: 'prod/licences' };
    expect(await oneGrant(world.service, ref, seatsTarget).look()).toMatchObject({ wanted: 'editor' });
  });

  test('shows nothing of what it was told, however it throws it', async () => {
    const grant = open([
      ['async read(seat) {', 'async read(seat) { if (Date.now() > 0) throw new Error(JSON.stringify(seat));'],
    ]);
    const seen = await grant.look();
    const why = 'why' in seen ? seen.why : '';
    expect(why).toMatch(/^flows\/seats\.ts, read \(line \d+\): /);
    for (const told of ['design-suite', 'editor', 'ann@acme.com', 'licences.acme.com'])
      expect(why).not.toContain(told);
  });
});

describe('taking back', () => {
  test('is done by the code that gave it, whatever the file says by then', async () => {
    const grant = open();
    const call = await grant.call();
    await grant.give(call);
    world.commit(liar);
    expect(await grant.end(call)).toMatchObject({ holds: 'none' });
    expect(world.seats.size).toBe(0);
  });

  test('is not left to other code because the service is down', async () => {
    const grant = open();
    const call = await grant.call();
    await grant.give(call);
    world.commit(liar);
    world.service.trouble({ status: 503 });
    expect(await failureOf(grant.end(call))).toMatchObject({ transient: true });
    world.service.trouble({ status: 403 });
    await failureOf(grant.end(call));
    expect(world.seats.get(mine)).toBe('editor');
  });

  test('is done by the code as it is now where the code that gave it is at fault, and by that alone', async () => {
    const grant = open();
    const call = await grant.call();
    await grant.give(call);
    const faulty = by(call, [brokenRead]);
    world.commit(rewritten([brokenRead]));
    expect((await failureOf(grant.end(faulty))).message).toContain('x is not a function');
    // What leads elsewhere takes nothing back there.
    world.commit(seatsCode.replace('seats/${product}', 'seats/render-farm'));
    expect((await failureOf(grant.end(faulty))).message).toContain('x is not a function');
    expect(world.seats.get(mine)).toBe('editor');
    world.commit(seatsCode);
    expect(await grant.end(faulty)).toMatchObject({ verified: 'read-back', holds: 'none' });
    expect(world.seats.size).toBe(0);
  });

  test('never lets the code as it is now give what the code of the request could not', async () => {
    const grant = open();
    const call = await grant.call();
    const faulty = by(call, [brokenRead]);
    world.commit(seatsCode);
    await failureOf(grant.give(faulty));
    expect(world.seats.size).toBe(0);
  });

  test('needs no GitHub: the code was kept when access was given', async () => {
    const grant = open();
    const call = await grant.call();
    await grant.give(call);
    world.outage = true;
    expect(await grant.end(call)).toMatchObject({ holds: 'none' });
    expect(world.seats.size).toBe(0);
    world.store.clear();
    expect(await failureOf(grant.end(call))).toMatchObject({ transient: true });
  });

  test('waits behind nothing else that the desk has run', async () => {
    const grant = open();
    const call = await grant.call();
    await grant.give(call);
    const stop = new AbortController();
    world.double.mishap(({ path }) => (path.startsWith('/seats/hang/') ? 'hang' : undefined));
    const commit = world.commit(seatsCode);
    const hooks = Array.from({ length: 52 }, () =>
      world.code.ofStrategies(
        deskId('github', 1),
        {
          ...{ file: 'flows/seats.ts', commit, function: 'strategy.read', hosts: [] },
          integration: { name: 'licences', settings: { base_url: 'https://licences.acme.com/v1' } },
          input: { account: 'x', resource: 'seats/hang', settings: {}, integration: {} },
        },
        { signal: stop.signal, purpose: 'look', notAfter: instant(Date.now() + 1e9) },
      ),
    );
    expect(await grant.end(call)).toMatchObject({ holds: 'none' });
    expect(world.seats.size).toBe(0);
    stop.abort();
    await Promise.allSettled(hooks);
  });
});

describe('what taking back needs', () => {
  const sealing = [
    ['order,\n  wanted', 'order,\n  seals: true,\n  wanted'],
    [
      "{ recorded: { seat: String(valueIn(answer, 'seat')) } }",
      "{ recorded: { about: 'ticket-4711' }, sealed: { ticket: 'ticket-4711' } }",
    ],
    [
      "if (seat.holding === 'none') {",
      "if (seat.holding === 'none') {\n      if (seat.sealed['ticket'] !== 'ticket-4711') throw new Error('no ' + seat.sealed['ticket']);",
    ],
  ] as const;

  test('is sealed, recorded nowhere in plain words, and told again at the end', async () => {
    const { service } = world;
    const key = { keys: [{ kid: 'test', key: Buffer.alloc(32, 7) }], nonce: () => Buffer.alloc(12, 1) };
    const grant = open(sealing, { ...service, parts: { ...service.parts, sealing: key } });
    const call = await grant.call();
    const { sealed = '', recorded } = await grant.give(call);
    expect(sealed).not.toBe('');
    expect(JSON.stringify([sealed, recorded])).not.toContain('4711');
    expect((await failureOf(grant.end(call))).message).toMatch(
      /^flows\/seats\.ts, set \(line \d+\): no undefined/,
    );
    const end: SettleCall = { ...call, sealed };
    expect(await grant.end(end)).toMatchObject({ holds: 'none' });
    expect(world.seats.size).toBe(0);
  });

  test('is asked for before anything is given: without a key there is no grant', async () => {
    const grant = open(sealing);
    expect(await grant.look()).toMatchObject({ missing: 'impossible' });
  });
});
