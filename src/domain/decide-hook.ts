// What a hook came to that runs after a step. It decides nothing: it is written down, and owed no more.
import type { CommandOf } from './commands.ts';
import { isUnknown } from './facts.ts';
import type { Request } from './request.ts';
import { nothing, type Verdict } from './verdict.ts';

export function noteHook({ owed, came }: CommandOf<'note-hook'>, { code }: Request): Verdict {
  const { hook, after } = owed;
  if (!code?.owed.some((each) => each.hook === hook && each.after === after)) return nothing;
  const by = { system: 'code' } as const;
  if (isUnknown(came))
    return { entries: [{ type: 'hook-failed', by, data: { hook, after, problem: came.unknown } }] };
  const { values } = came;
  return { entries: [{ type: 'hook-ran', by, data: { hook, after, ...(values && { values }) } }] };
}
