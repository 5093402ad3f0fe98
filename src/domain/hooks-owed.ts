// Hooks that are owed once something is recorded, until the code has run or was given up: some come after a step, some it waits for.
import type { Entry, EntryOf, EntryType, NewEntry } from './entries.ts';
import { decisionsOn } from './hook-events.ts';
import { hooksAwaited, type CodeOffer, type HookAfter, type HookAwaited, type HookTold } from './hooks.ts';
import type { OwedHook, Request } from './request.ts';

const hooksOf: { readonly [T in EntryType]?: readonly (HookAfter | HookAwaited)[] } = {
  requested: ['after_request'],
  forwarded: ['after_forward'],
  approved: ['after_approve'],
  denied: ['after_deny'],
  lapsed: ['after_lapse'],
  'escalation-started': ['on_escalate'],
  escalated: ['after_escalate'],
  'deescalation-started': ['on_deescalate'],
  deescalated: ['after_deescalate'],
};

export function owedAfterAsking(
  { type, seq }: EntryOf<'requested'>,
  { hooks }: CodeOffer,
): readonly OwedHook[] {
  return named(type, hooks).map((hook) => ({ hook, after: seq }));
}

function named(type: EntryType, hooks: CodeOffer['hooks']): readonly (HookAfter | HookAwaited)[] {
  return (hooksOf[type] ?? []).filter((hook) => hooks.includes(hook));
}

/** With what this entry makes owed. */
export function alsoOwed(request: Request, entry: Entry): Pick<Request, 'code'> | undefined {
  const { code, policy } = request;
  // Of what is held back nobody was told.
  const isSilent = entry.type === 'forwarded' && entry.data.heldBack !== undefined;
  const more = isSilent ? [] : named(entry.type, policy.code?.hooks ?? []);
  if (code === undefined || more.length === 0) return undefined;
  const told = toldBy(request, entry);
  const owed = more.map((hook) => ({ hook, after: entry.seq, ...(told && { told }) }));
  return { code: { ...code, owed: [...code.owed, ...owed] } };
}

/** The code is asked before something is done that is due. */
export function withAwaited(request: Request, { data, seq }: EntryOf<'hook-awaited'>): Request {
  const { code = { outputs: {}, owed: [] } } = request;
  const { hook, until, forward } = data;
  const told = forward && routeOf(request, forward);
  const owed = { hook, after: seq, until, ...(forward && { forward }), ...(told && { told }) };
  return { ...request, code: { ...code, owed: [...code.owed, owed] } };
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

/** What waits for nothing any more is not asked: the request was decided, or ended, meanwhile. */
export function withoutIdleHooks(request: Request): Request {
  const { code, phase } = request;
  const isIdle = ({ hook }: OwedHook): boolean => {
    if (hook === 'on_escalate') return phase.status !== 'escalating';
    if (hook === 'on_lapse') return phase.status !== 'pending';
    if (hook !== 'on_forward') return false;
    return phase.status !== 'pending' && !(phase.status === 'active' && phase.extension !== undefined);
  };
  if (!code?.owed.some(isIdle)) return request;
  return { ...request, code: { ...code, owed: code.owed.filter((each) => !isIdle(each)) } };
}

export function isAwaited({ hook }: OwedHook): boolean {
  return hooksAwaited.some((each) => each === hook);
}

export function awaitedLapse({ code }: Request): OwedHook | undefined {
  return code?.owed.find(({ hook }) => hook === 'on_lapse');
}

export function isEscalationAwaited({ code }: Request): boolean {
  return code?.owed.some(({ hook }) => hook === 'on_escalate') ?? false;
}

/** What is due is done without it. */
export function noAnswerInTime({ hook, after }: OwedHook): NewEntry {
  const data = { hook, after, problem: 'It came to no answer in time.' };
  return { type: 'hook-failed', by: { system: 'code' }, data };
}

/** What the entry says, and the request will not. */
function toldBy(request: Request, entry: Entry): HookTold | undefined {
  const { phase } = request;
  const account = 'grant' in phase ? { account: phase.grant.account } : {};
  switch (entry.type) {
    case 'forwarded':
      return routeOf(request, entry.data);
    case 'approved': {
      const decision = decisionsOn(request).at(-1);
      return decision && { decision };
    }
    case 'denied':
      return { decision: denialOf(entry) };
    case 'deescalation-started':
      return { ...account, because: entry.data.why };
    case 'deescalated':
      return 'why' in phase && phase.why !== undefined ? { ...account, because: phase.why } : account;
    default:
      return undefined;
  }
}

function denialOf({ by, data, at }: EntryOf<'denied'>): NonNullable<HookTold['decision']> {
  const message = data.message === undefined ? {} : { message: data.message };
  if ('via' in by)
    return { ...(by.person && { by: by.person }), source: 'person', at: by.at ?? at, steps: [], ...message };
  return { source: by.system === 'code' ? 'code' : 'rule', at, steps: [], ...message };
}

function routeOf(
  request: Request,
  { step, route }: { readonly step: string; readonly route: number },
): HookTold {
  const { phase } = request;
  const matter = phase.status === 'active' ? (phase.extension ?? request) : request;
  const known = matter.stepsInForce.find(({ name }) => name === step);
  return { step, to: known?.routes?.[route]?.to ?? [] };
}
