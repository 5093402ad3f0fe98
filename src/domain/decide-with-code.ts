// What the code of a flow says to a decision before it counts: nothing, that it does not count, or that the request is denied.
import type { Voice } from './commands.ts';
import type { NewEntry } from './entries.ts';
import { isUnknown } from './facts.ts';
import type { Flow } from './flow.ts';
import { eventOfDecision } from './hook-events.ts';
import { denialBy, hookEntries, mayRun, type HookBefore } from './hooks.ts';
import type { PersonId } from './names.ts';
import type { Refusal } from './refusals.ts';
import type { Request } from './request.ts';
import type { Denial } from './rules.ts';
import type { Bench } from './verdict.ts';

export interface Deciding {
  readonly request: Request;
  /** As it is now. */
  readonly flow: Flow;
  readonly hook: HookBefore;
  readonly voice: Voice;
}

export interface Said {
  readonly by: PersonId;
  readonly steps: readonly string[];
  readonly message?: string;
  readonly as?: 'admin';
  readonly isLast?: boolean;
}

export type Heard =
  { readonly entries: readonly NewEntry[]; readonly denial?: Denial } | { readonly refusal: Refusal };

const nothingSaid: Heard = { entries: [] };

/**
 * Code that comes to no answer may have been there to stop an approval: then none counts but an admin's, who stands in
 * with a reason. It never keeps anybody from denying.
 */
export function askHook({ request, flow, hook, voice }: Deciding, said: Said, { inquiry }: Bench): Heard {
  const code = mayRun(flow, hook);
  if (code === undefined) return nothingSaid;
  const { by, steps, message, as, isLast } = said;
  const decision = {
    by,
    source: as ?? 'person',
    at: voice.at,
    steps,
    ...(message !== undefined && { message }),
  } as const;
  const event = eventOfDecision(request, flow, { decision, ...(isLast !== undefined && { isLast }) });
  const answer = inquiry.hook(request.desk, { flow: flow.ref, code, hook, event });
  if (isUnknown(answer)) {
    if (hook === 'on_approve' && as !== 'admin')
      return { refusal: { code: 'code-unavailable', hook, why: answer.unknown } };
    return { entries: hookEntries(hook, answer) };
  }
  if (answer.answer === 'ignore') return { refusal: { code: 'ignored-by-code', message: answer.message } };
  if (answer.answer === 'deny' && hook === 'on_approve')
    return { entries: hookEntries(hook, answer), denial: denialBy(hook, answer) };
  return { entries: hookEntries(hook, answer) };
}
