// Hooks that run after a step: owed once it is recorded, until the code has run or was given up.
import type { Entry, EntryOf, EntryType } from './entries.ts';
import type { CodeOffer, HookAfter } from './hooks.ts';
import type { OwedHook, Request } from './request.ts';

const hookOf: { readonly [T in EntryType]?: HookAfter } = {
  requested: 'after_request',
  approved: 'after_approve',
  denied: 'after_deny',
  lapsed: 'after_lapse',
  escalated: 'after_escalate',
  deescalated: 'after_deescalate',
};

export function owedAfter({ type, seq }: Entry, { hooks }: CodeOffer): readonly OwedHook[] {
  const hook = hookOf[type];
  return hook !== undefined && hooks.includes(hook) ? [{ hook, after: seq }] : [];
}

/** With what this entry makes owed. */
export function alsoOwed({ code, policy }: Request, entry: Entry): Pick<Request, 'code'> | undefined {
  const more = policy.code ? owedAfter(entry, policy.code) : [];
  return code && more.length > 0 ? { code: { ...code, owed: [...code.owed, ...more] } } : undefined;
}

/** What a hook kept is there for those that come after it. */
export function withHook(request: Request, { type, data }: EntryOf<'hook-ran' | 'hook-failed'>): Request {
  const { outputs, owed } = request.code ?? { outputs: {}, owed: [] };
  const values = type === 'hook-ran' ? data.values : undefined;
  return {
    ...request,
    code: {
      outputs: values === undefined ? outputs : { ...outputs, [data.hook]: values },
      owed: owed.filter(({ hook, after }) => hook !== data.hook || after !== data.after),
    },
  };
}
