// Runs the hooks of a flow: tells the code who is who, and holds what it answers against what a hook may answer.
import type { Desk } from '../desk/desk.ts';
import type { Unknown } from '../domain/facts.ts';
import type { Settings, SettingValue } from '../domain/flow.ts';
import type { HookAnswer, HookDecision, HookEvent, HookQuestion } from '../domain/hooks.ts';
import { personId, type DeskId, type Group, type PersonId } from '../domain/names.ts';
import { Failure, type DeskCode } from '../engine/ports.ts';
import type { Json, JsonObject } from '../sdk/json.ts';
import type { CodeUse } from './calls/grants-of.ts';
import type { Grants } from './capabilities.ts';
import type { CodeRooms } from './code-rooms.ts';
import { personTold } from './person-told.ts';

export interface HookRunnerParts {
  readonly rooms: Pick<CodeRooms, 'run'>;
  /** As it was at that commit of its default branch. Throws `Failure`. */
  readonly deskAt: (desk: DeskId, commit: string) => Promise<Desk>;
  /** As it is now: who is who is not pinned. Throws `Failure`. */
  readonly desk: (desk: DeskId) => Promise<Desk>;
  readonly belongs: (desk: DeskId, person: PersonId, group: Group) => Promise<boolean | Unknown>;
  /** What code of this desk may use in this run. Throws `Failure`. */
  readonly grants: (desk: DeskId, use: CodeUse) => Promise<Grants>;
}

const mostText = 500;

export function createHookRunner(parts: HookRunnerParts): DeskCode {
  async function ran({
    desk,
    flow,
    code,
    hook,
    event,
  }: HookQuestion & { readonly desk: DeskId }): Promise<HookAnswer | Unknown> {
    const [{ code: files = {} }, input, grants] = await Promise.all([
      parts.deskAt(desk, flow.commit),
      inputOf(desk, code.vars, hook, event),
      parts.grants(desk, { code, flow: flow.name, requester: event.request.requester }),
    ]);
    const call = { desk, commit: flow.commit, files, file: code.file, export: hook, input, at: event.at };
    const came = await parts.rooms.run({ ...call, grants });
    if (!came.ok) return { unknown: came.problem.message };
    return readAnswer(came.answer, hook.startsWith('after_'));
  }

  async function inputOf(
    desk: DeskId,
    vars: HookQuestion['code']['vars'],
    hook: string,
    event: HookEvent,
  ): Promise<JsonObject> {
    const { people } = await parts.desk(desk);
    const known = new Map<PersonId, Promise<JsonObject>>();
    const person = (id: PersonId): Promise<JsonObject> => {
      const found = known.get(id) ?? personTold(parts, { desk, id, known: people?.persons.get(id) });
      known.set(id, found);
      return found;
    };
    const { request, decision, flow, at, outputs, ...rest } = event;
    const { requester, duration, approvals, id = '', ...asked } = request;
    const decisions = await Promise.all(approvals.map((each) => decisionOf(each, person)));
    return {
      type: hook.slice(hook.indexOf('_') + 1),
      at,
      flow: { ...flow, vars },
      request: {
        ...asked,
        id,
        requester: await person(requester),
        ...(typeof duration === 'number' && { durationMs: duration }),
        approvals: decisions,
      },
      outputs,
      ...(decision && { decision: await decisionOf(decision, person) }),
      ...rest,
    };
  }

  return {
    async hook(question) {
      try {
        return await ran(question);
      } catch (error) {
        if (error instanceof Failure) return { unknown: error.message };
        throw error;
      }
    },
  };
}

async function decisionOf(
  { by, ...decision }: HookDecision,
  person: (id: PersonId) => Promise<JsonObject>,
): Promise<JsonObject> {
  return { ...decision, by: await person(personId(by)) };
}

/** What may be said where: `mayOnlyKeep` after a step, which nothing takes back. */
function readAnswer(answer: Json | undefined, mayOnlyKeep: boolean): HookAnswer | Unknown {
  if (answer === undefined || answer === null) return { answer: 'go-on' };
  if (!isObject(answer)) return notAnAnswer;
  const { answer: kind, steps } = answer;
  const reason = textIn(answer, 'reason');
  const message = textIn(answer, 'message');
  if (kind === 'output') return outputOf(answer['values']);
  if (mayOnlyKeep) return { unknown: 'It answered what a hook after a step may not answer.' };
  if (kind === 'ignore' && message !== undefined) return { answer: 'ignore', message };
  if (kind === 'deny' && reason !== undefined) return { answer: 'deny', reason };
  if (kind !== 'approve' || reason === undefined) return notAnAnswer;
  if (steps === undefined) return { answer: 'approve', reason };
  const names = Array.isArray(steps) ? steps.filter((step) => typeof step === 'string') : [];
  return Array.isArray(steps) && names.length === steps.length
    ? { answer: 'approve', steps: names, reason }
    : notAnAnswer;
}

const notAnAnswer: Unknown = { unknown: 'It answered what is none of the answers of a hook.' };

function outputOf(values: Json | undefined): HookAnswer | Unknown {
  const kept = values !== undefined && isObject(values) ? settingsOf(values) : undefined;
  return kept
    ? { answer: 'go-on', values: kept }
    : { unknown: 'What it keeps is not an object of texts, numbers, true and false.' };
}

/** Without null, and with lists of texts alone, as settings are. Undefined where it is not that. */
function settingsOf(object: JsonObject): Settings | undefined {
  const kept: [name: string, value: SettingValue][] = [];
  for (const [name, inner = null] of Object.entries(object)) {
    const value = settingOf(inner);
    if (value === undefined) return undefined;
    kept.push([name, value]);
  }
  return Object.fromEntries(kept);
}

function settingOf(value: Json): SettingValue | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (value === null) return undefined;
  if (isObject(value)) return settingsOf(value);
  if (!isList(value)) return undefined;
  const texts = value.filter((item) => typeof item === 'string');
  return texts.length === value.length ? texts : undefined;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One line that people read; undefined where there is none. */
function textIn(answer: JsonObject, key: string): string | undefined {
  const text = answer[key];
  if (typeof text !== 'string') return undefined;
  const line = text.replaceAll(/[\s\p{Cc}\p{Cs}]+/gu, ' ').trim();
  return line === '' ? undefined : line.slice(0, mostText);
}
