import { expect, it } from 'vitest';
import { deskId, type Instant } from '../../domain/names.ts';
import { instant } from '../../domain/names.ts';
import { readDelivery, type Delivered } from './read-delivery.ts';
import { createVouching } from './vouching.ts';

const [acme, customer, other] = ['T07ACME00', 'T9CUST000', 'T8OTHER00'];
const at: Instant = instant(Date.UTC(2026, 10, 22));
const desks = new Map([
  [deskId('github', 1), acme],
  [deskId('github', 2), 'T5SECOND0'],
]);
const isVouchedFor = createVouching({
  desks: [...desks.keys()],
  workspaceOf: async (desk) => desks.get(desk),
});

function pressed(connection: string, team: string): Delivered {
  const body = {
    type: 'block_actions',
    user: { id: 'U07BOB000', username: 'bob', team_id: team },
    team: { id: connection },
    trigger_id: '1.2.a',
    container: { channel_id: 'C1', message_ts: '1.1' },
    actions: [{ action_id: 'approve', block_id: 'b', value: 'x', action_ts: '1.2' }],
  };
  const read = readDelivery({ connection, body, signedAt: at });
  if (typeof read === 'string') throw new Error(read);
  return read;
}

function command(connection: string, team: string): Delivered {
  const body = { command: '/access', team_id: team, user_id: 'U07BOB000', channel_id: 'C1', trigger_id: '1' };
  const read = readDelivery({ connection, body, signedAt: at });
  if (typeof read === 'string') throw new Error(read);
  return read;
}

it('a workspace speaks for its own people', async () => {
  for (const team of [acme, customer]) {
    expect(await isVouchedFor(pressed(team, team))).toBe(true);
    expect(await isVouchedFor(command(team, team))).toBe(true);
  }
});

it('the app of a customer speaks for nobody of the desk, nor for other guests', async () => {
  expect(await isVouchedFor(pressed(customer, acme))).toBe(false);
  expect(await isVouchedFor(pressed(customer, other))).toBe(false);
  expect(await isVouchedFor(command(customer, acme))).toBe(false);
});

it('the desk’s own workspace knows those of others from a shared channel, and commands of its own alone', async () => {
  expect(await isVouchedFor(pressed(acme, customer))).toBe(true);
  expect(await isVouchedFor(command(acme, customer))).toBe(false);
});

it('no desk’s workspace speaks for another desk’s', async () => {
  expect(await isVouchedFor(pressed(acme, 'T5SECOND0'))).toBe(false);
});
