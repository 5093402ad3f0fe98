import { expect, test } from 'vitest';
import { checkView } from '../../../sandbox/slack/limits/view.ts';
import { account, instant, plus, requestId } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { HandedOver } from '../../engine/ports/access.ts';
import type { HandOverOutcome } from '../../engine/ports/reception.ts';
import { createShowHandedOver, type ShowHandedOver } from './handing-over.ts';
import type { DeliveredOf } from './read-delivery.ts';

const id = requestId('01JD0000000000000000000001');
const at = instant(1_800_000_000_000);
const who = { team: 'T07ACME00', user: 'U07ANN000', name: 'ann' };

function pressed(value: string): DeliveredOf<'press'> {
  const about = { block: `countersign:${id}`, action: 'hand-over', value, pressed: '1' };
  return { type: 'press', workspace: who.team, who, at, trigger: 'T', ...about };
}

async function views(
  handed: HandedOver | HandOverOutcome | Failure,
  value: string = id,
): Promise<readonly object[]> {
  const seen: object[] = [];
  const connection = {
    openView: async ({ view }) => (seen.push(view), { id: 'V1', hash: 'h' }),
    updateView: async ({ content }) => (seen.push(content), { id: 'V1', hash: 'h' }),
  } satisfies Parameters<ShowHandedOver>[0];
  const show = createShowHandedOver({
    clock: { now: () => at },
    handing: {
      async handOver(request, voice, tell) {
        expect([request, voice.account]).toEqual([id, 'slack:T07ACME00/U07ANN000']);
        if (handed instanceof Failure) throw handed;
        if (typeof handed === 'string') return handed;
        await tell(handed);
        return 'shown';
      },
    },
  });
  const voice = { surface: 'slack', account: account('slack', 'T07ACME00/U07ANN000'), name: 'ann' } as const;
  await show(connection, pressed(value), { ...voice, ref: 'r', at });
  return seen;
}

test('what goes with it is shown as it is, in a window that Slack takes', async () => {
  const [waiting, handed] = await views({ user: 'tmp_ann', password: 'a*b*<!here>`c`:x:&amp;"' });
  expect(JSON.stringify(waiting)).toContain('Asking the service');
  const texts = JSON.stringify(handed);
  expect(texts).toContain(JSON.stringify('a*b*<!here>`c`:x:&amp;"').slice(1, -1));
  expect(texts).toContain('tmp_ann');
  expect(handed).toMatchObject({ type: 'modal', clear_on_close: true });
});

test.each([
  ['much', Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`name_${n}`, 'x'.repeat(4096)]))],
  ['nothing much', { empty: '' }],
  ['mischief', { a: '<!channel> *b* _c_ :tada: \u202e `d`' }],
])('Slack takes %s', async (_, handed) => {
  for (const view of await views(handed)) expect(checkView(view, 'modal')).toBeNull();
});

test.each([
  ['not-yours', 'for whoever asked'],
  ['told', 'shown already'],
  ['over', 'not there any more'],
] as const)('who may not see it is told why: %s', async (outcome, words) => {
  expect(JSON.stringify((await views(outcome)).at(-1))).toContain(words);
});

test('a failure is told, and that nothing was shown', async () => {
  const failed = await views(new Failure('The function did not answer.', { transient: true }));
  expect(JSON.stringify(failed.at(-1))).toMatch(/The function did not answer\. Nothing was shown/);
});

test('what Slack puts off is let go: whoever takes the access back waits for it', async () => {
  const until: unknown[] = [];
  const connection = {
    openView: async () => ({ id: 'V1', hash: 'h' }),
    updateView: async ({ notAfter }) => (until.push(notAfter), { id: 'V1', hash: 'h' }),
  } satisfies Parameters<ShowHandedOver>[0];
  const show = createShowHandedOver({
    clock: { now: () => at },
    handing: {
      async handOver(_request, _voice, tell) {
        await tell({ password: 'x' });
        return 'shown';
      },
    },
  });
  const voice = { surface: 'slack', account: account('slack', 'T07ACME00/U07ANN000'), name: 'ann' } as const;
  await show(connection, pressed(id), { ...voice, ref: 'r', at });
  expect(until).toEqual([plus(at, 10_000)]);
});

test('a button of somebody else’s making does nothing', async () => {
  expect(await views({ password: 'x' }, 'no request')).toEqual([]);
});
