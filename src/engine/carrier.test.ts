import { expect, test } from 'vitest';
import { anId } from '../../test/builders/request.ts';
import { createVirtualClock } from '../../test/virtual-clock.ts';
import { minutes } from '../domain/duration.ts';
import { account, type RequestId } from '../domain/names.ts';
import { createCarrier, type Remark } from './carrier.ts';
import { Failure } from './ports/failure.ts';

function aCarrier(write: (remark: Remark, attempt: number) => Promise<void> = async () => undefined) {
  const clock = createVirtualClock();
  const [written, warnings]: [string[], string[]] = [[], []];
  let attempts = 0;
  const log = { info() {}, error() {}, warn: (message: string) => void warnings.push(message) };
  const { carry, idle } = createCarrier({
    to: 'GitHub',
    clock,
    log,
    async write(remark) {
      attempts += 1;
      await write(remark, attempts);
      written.push(remark.text);
    },
  });
  let said = 0;
  return {
    clock,
    written,
    warnings,
    settle: () => clock.settle(idle()),
    says(text: string, { request = anId(), key = `k${(said += 1)}`, at = clock.now() } = {}) {
      carry({ request, key, account: account('github', 1), name: 'ann', text, at });
    },
  };
}

const down = (): Failure => new Failure('It does not answer.', { transient: true });

test('what is said is written once, though it is delivered again', async () => {
  const { says, settle, written } = aCarrier();
  says('one', { key: 'a' });
  says('one', { key: 'a' });
  await settle();
  says('one', { key: 'a' });
  await settle();
  expect(written).toEqual(['one']);
});

test('it is written in the order in which it was said, also where the first of it waits', async () => {
  const { says, settle, written } = aCarrier(async (_, attempt) => {
    if (attempt === 1) throw down();
  });
  says('one');
  says('two');
  await settle();
  expect(written).toEqual(['one', 'two']);
});

test('nobody floods the other side, nor another request', async () => {
  const { says, settle, written, warnings, clock } = aCarrier();
  const other: RequestId = anId(2);
  for (let number = 1; number <= 30; number += 1) says(`${number}`);
  says('elsewhere', { request: other });
  await settle();
  expect(written).toHaveLength(11);
  expect(written).toContain('elsewhere');
  expect(warnings).toContain('More is said beside a request than is carried over');
  await clock.advance(minutes(1));
  says('later');
  await settle();
  expect(written.at(-1)).toBe('later');
});

test('what fails is tried three times, logged and let go, and what was said next goes on', async () => {
  let attempts = 0;
  const { says, settle, written, warnings } = aCarrier(async ({ text }) => {
    if (text !== 'lost') return;
    attempts += 1;
    throw down();
  });
  says('lost');
  says('next');
  await settle();
  expect(attempts).toBe(3);
  expect(written).toEqual(['next']);
  expect(warnings).toEqual(['What was said beside a request could not be carried over']);
});

test('what cannot be written at all is not tried again', async () => {
  let attempts = 0;
  const { says, settle } = aCarrier(async () => {
    attempts += 1;
    throw new Failure('It is archived.', { transient: false });
  });
  says('lost');
  await settle();
  expect(attempts).toBe(1);
});

test('what was said long ago stays where it was said', async () => {
  const { says, settle, written, clock } = aCarrier();
  const before = clock.now();
  await clock.advance(minutes(61));
  says('old', { at: before });
  await settle();
  expect(written).toEqual([]);
});
