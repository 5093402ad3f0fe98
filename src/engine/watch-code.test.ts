import { expect, it } from 'vitest';
import { silentCode } from '../../test/builders/code.ts';
import { deskId, instant, personId } from '../domain/names.ts';
import { watchCode } from './watch-code.ts';

it('tells the error channel of an answer that is none, and that it is over', async () => {
  const told: string[] = [];
  const errors = {
    raise: (_desk: unknown, { what }: { readonly what: string }) => void told.push(what),
    clear: (_desk: unknown, key: string) => void told.push(`over: ${key}`),
  };
  const at = instant(0);
  const question = {
    desk: deskId('github', 1),
    flow: { name: 'production', commit: 'c1' },
    code: { file: 'flows/production.ts', hooks: [], hosts: [], vars: {} },
    event: {
      at,
      flow: { name: 'production', label: 'Production' },
      request: {
        status: 'prompted',
        requester: personId('ann'),
        source: 'github',
        requestedAt: at,
        fields: {},
        approvals: [],
      },
      outputs: {},
    },
  } as const;
  const broken = watchCode(errors, { ...silentCode, available: async () => ({ unknown: 'it threw' }) });
  expect(await broken.available(question)).toEqual({ unknown: 'it threw' });
  await watchCode(errors, silentCode).available(question);
  const deaf = watchCode(errors, { ...silentCode, hook: async () => ({ unknown: 'it hangs' }) });
  for (const hook of ['on_prompt', 'on_request'] as const) await deaf.hook({ ...question, hook });
  expect(told).toEqual([
    'production: its code came to no answer for available: it threw',
    'over: code production available',
    // A hook of a request is told of by an entry.
    'production: its code came to no answer for on_prompt: it hangs',
  ]);
});
