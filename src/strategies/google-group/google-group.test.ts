import { afterEach, describe, expect, test } from 'vitest';
import {
  googleIds,
  googleKey,
  googleScopes,
  openGoogle,
  type GoogleWorld,
} from '../../../test/contracts/strategies/google-subject.ts';
import { holdersOf } from '../../../test/contracts/strategies/service-parts.ts';
import { accessControl } from '../../../test/contracts/strategies/subject-parts.ts';
import { deskId, personId, requestId } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { SettleCall } from '../../engine/ports/access.ts';

const desk = deskId('github', 1);
const ref = { type: 'google-group', integration: 'google' };
const settings = { group_key: googleIds.address };
const ann = personId('ann');
const { group, ann: annId } = googleIds;

const open: GoogleWorld[] = [];
afterEach(async () => {
  for (const { google } of open.splice(0)) {
    await google.stop();
    expect(google.strangers).toEqual([]);
  }
});

async function world(...overrides: Parameters<typeof openGoogle>): Promise<GoogleWorld> {
  const opened = await openGoogle(...overrides);
  open.push(opened);
  return opened;
}

const look = ({ service }: GoogleWorld) => accessControl(service.parts).look(desk, ref, settings, ann);

async function grantOf(at: GoogleWorld): Promise<SettleCall> {
  const seen = await look(at);
  if ('missing' in seen) throw new Error(JSON.stringify(seen));
  const { resource, account, holds: before, wanted } = seen;
  const signal = new AbortController().signal;
  const common = { desk, strategy: ref, settings, resource, account, before, signal };
  return { ...common, request: requestId('01R'), wanted: [wanted], purpose: 'escalate' };
}

const settle = ({ service }: GoogleWorld, call: SettleCall) => accessControl(service.parts).settle(call);
const ending = (call: SettleCall): SettleCall => ({ ...call, purpose: 'deescalate', wanted: [] });

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const thrown = await work.then(String, (error: unknown) => error);
  if (thrown instanceof Failure) return thrown;
  throw new Error(`It should have failed, and gave ${String(thrown)}.`);
}

test('names group and user by their ids, and takes back after the group got another address', async () => {
  const at = await world();
  const call = await grantOf(at);
  expect(call).toMatchObject({ resource: `google-group:${group}`, account: annId });
  await settle(at, call);
  const { groups } = at.google.state;
  // Google keeps the old address as an alias.
  groups.set(group, { id: group, email: 'prod@acme.com', aliases: [googleIds.address] });
  await settle(at, ending(call));
  expect(at.google.state.role(group, annId)).toBeUndefined();
});

test('who is in a group within it has the access already, and is not taken out of anything', async () => {
  const at = await world();
  const inner = '02inner000000';
  at.google.state.groups.set(inner, { id: inner, email: 'inner@acme.com' });
  at.google.state.setRole(group, inner, 'MEMBER');
  at.google.state.setRole(inner, annId, 'MEMBER');
  expect(await look(at)).toMatchObject({ holds: 'none', effective: 'MEMBER', covered: true });
});

test('waits until Google shows what was set', async () => {
  const at = await world();
  at.google.state.visibleAfterMs = 600;
  const call = await grantOf(at);
  expect(await settle(at, call)).toMatchObject({ verified: 'read-back', holds: 'MEMBER' });
  expect(await settle(at, ending(call))).toMatchObject({ verified: 'read-back', holds: 'none' });
});

test('sets the role of a membership that is there and does not show yet', async () => {
  const at = await world();
  const call = { ...(await grantOf(at)), settings: { ...settings, role: 'OWNER' }, wanted: ['OWNER'] };
  at.google.state.visibleAfterMs = 3_000;
  at.google.state.setRole(group, annId, 'MEMBER');
  await settle(at, call);
  expect(at.google.state.role(group, annId)).toBe('OWNER');
});

test('lists users over pages, and no groups within it', async () => {
  const at = await world();
  const { state } = at.google;
  state.pageSize = 2;
  state.groups.set('02inner000000', { id: '02inner000000', email: 'inner@acme.com' });
  state.setRole(group, '02inner000000', 'MEMBER');
  for (const count of [1, 2, 3, 4, 5]) {
    const id = `10000000000000000000${count}`;
    state.users.set(id, { id, primaryEmail: `user${count}@acme.com` });
    state.setRole(group, id, count === 5 ? 'OWNER' : 'MEMBER');
  }
  const found = await holdersOf(at.service.parts, ref, settings);
  expect(found).toHaveLength(5);
  expect(found).toContainEqual({ account: '100000000000000000005', holds: 'OWNER' });
});

test('tells a 403 that means “too often” from one that means “no”', async () => {
  const at = await world();
  const call = await grantOf(at);
  const refused = (reason: string) => () =>
    ({ status: 403, body: { error: { code: 403, errors: [{ reason, message: 'x' }] } } }) as const;
  at.google.mishap(refused('quotaExceeded'));
  expect((await failureOf(settle(at, call))).transient).toBe(true);
  at.google.mishap(refused('forbidden'));
  expect((await failureOf(settle(at, call))).transient).toBe(false);
});

describe('says beforehand', () => {
  test.each([
    [{ suspended: true }, 'The user is suspended in Google Workspace.'],
    [{ archived: true }, 'The user is archived in Google Workspace.'],
  ])('that the user is %o', async (state, why) => {
    const at = await world();
    at.google.state.users.set(annId, { id: annId, primaryEmail: 'ann@acme.com', ...state });
    expect(await look(at)).toEqual({ missing: 'impossible', why });
  });

  test('that people.yml has an address in the place of an id, though Google would take it', async () => {
    const at = await world({ people: [{ id: ann, accounts: { google: 'ann@acme.com' } }] });
    expect(await look(at)).toMatchObject({ missing: 'no-identity' });
  });
});

describe('finds the account by an e-mail address', () => {
  const byEmail = (email: string) => ({ people: [{ id: ann, email }], trustedDomains: ['acme.com'] });

  test.each(['Ann@acme.com', 'ann.o@acme.com'])('%s', async (email) => {
    expect(await look(await world(byEmail(email)))).toMatchObject({ account: annId });
  });

  test('not of a user who is suspended', async () => {
    const at = await world(byEmail('ann@acme.com'));
    at.google.state.users.set(annId, { id: annId, primaryEmail: 'ann@acme.com', suspended: true });
    expect(await look(at)).toMatchObject({ missing: 'no-identity' });
  });
});

describe('signs in', () => {
  test('with a key that is granted for the host that gives tokens, and for no other', async () => {
    const at = await world({
      secrets: { GOOGLE_KEY: { host: 'admin.googleapis.com', value: googleKey } },
    });
    expect(await look(at)).toMatchObject({ missing: 'impossible' });
    expect(at.google.asked).toEqual([]);
  });

  test('once for many calls, with no more scopes than it needs', async () => {
    const at = await world();
    const account = at.google.state.serviceAccounts.get('countersign@acme.iam.gserviceaccount.com');
    if (account === undefined) throw new Error('There is such an account.');
    at.google.state.serviceAccounts.set('countersign@acme.iam.gserviceaccount.com', {
      ...account,
      scopes: googleScopes.filter((scope) => scope.endsWith('.readonly')),
    });
    const call = await grantOf(at);
    expect(at.google.asked.filter(({ path }) => path === '/token')).toHaveLength(1);
    const failure = await failureOf(settle(at, call));
    expect(failure).toMatchObject({ transient: false });
    expect(failure.message).toContain('Domain-wide delegation does not give');
  });
});
