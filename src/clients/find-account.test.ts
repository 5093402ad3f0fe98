import { expect, it } from 'vitest';
import { personId } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import { findAccountIn, type AccountSources } from './find-account.ts';

const ann = { id: personId('ann'), email: 'ann@acme.com' };
const okta = {
  key: 'okta',
  name: 'Okta',
  wants: 'the id of the user',
  integration: 'staff',
  match: async () => '00u-matched',
};
const sources = (answered?: AccountSources['answered']): AccountSources => ({
  trustedDomains: ['acme.com'],
  ...(answered && { answered }),
});

it('takes what is stored before what code says, and that before a match by e-mail', async () => {
  const asked: string[] = [];
  const answered = async (service: string) => {
    asked.push(service);
    return { account: '00u-answered' };
  };
  const stored = { ...ann, accounts: { okta: '00u-stored' } };
  expect(await findAccountIn(stored, okta, sources(answered))).toEqual({ account: '00u-stored' });
  expect(asked).toEqual([]);
  expect(await findAccountIn(ann, okta, sources(answered))).toEqual({ account: '00u-answered' });
  expect(asked).toEqual(['okta']);
  expect(await findAccountIn(ann, okta, sources())).toEqual({ account: '00u-matched' });
});

it('matches where code leaves it open, and never where it says that there is none', async () => {
  expect(
    await findAccountIn(
      ann,
      okta,
      sources(async () => 'unanswered'),
    ),
  ).toEqual({
    account: '00u-matched',
  });
  expect(
    await findAccountIn(
      ann,
      okta,
      sources(async () => ({ missing: 'Ask IT first.' })),
    ),
  ).toEqual({
    missing: 'no-identity',
    why: 'Ask IT first.',
  });
});

it('does not match where code comes to no answer', async () => {
  const broken = async (): Promise<never> => {
    throw new Failure('it threw', { transient: true });
  };
  await expect(findAccountIn(ann, okta, sources(broken))).rejects.toThrow('it threw');
});

it('keeps nothing of what code says', async () => {
  const kept: string[] = [];
  const found = async (_key: string, _email: string, account: string) => void kept.push(account);
  await findAccountIn(ann, okta, { ...sources(async () => ({ account: '00u-answered' })), found });
  expect(kept).toEqual([]);
});
