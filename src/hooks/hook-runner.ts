// Runs the hooks of a flow: tells the code who is who, and holds what it answers against what a hook may answer.
import { readAnsweredSteps } from '../desk/compile/read-answered-steps.ts';
import { isBroken, type Desk } from '../desk/desk.ts';
import { isUnknown, type Unknown } from '../domain/facts.ts';
import type { Settings, SettingValue } from '../domain/flow.ts';
import {
  isOfPrompt,
  type HookAnswer,
  type HookDecision,
  type HookEvent,
  type HookName,
} from '../domain/hooks.ts';
import { personId, type DeskId, type Group, type PersonId } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { CodeQuestion, DeskCode } from '../engine/ports/desk-code.ts';
import type { Json, JsonObject } from '../sdk/json.ts';
import type { CodeUse } from './calls/grants-of.ts';
import type { Grants } from './capabilities.ts';
import type { CodeRooms } from './code-rooms.ts';
import { personTold } from './person-told.ts';
import { readAvailability, readIdentity } from './read-answers.ts';
import { isObject, textIn } from './read-object.ts';

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

export function createHookRunner(parts: HookRunnerParts): DeskCode {
  /** What came of it, as it was answered; `more` is told besides the event. */
  async function run(
    { desk, flow, code, event }: CodeQuestion,
    name: string,
    more: JsonObject,
  ): Promise<{ readonly answer: Json | undefined } | Unknown> {
    const [{ code: files = {} }, input, grants] = await Promise.all([
      parts.deskAt(desk, flow.commit),
      inputOf(desk, code.vars, event),
      parts.grants(desk, { code, flow: flow.name, requester: event.request.requester }),
    ]);
    const call = { desk, commit: flow.commit, files, file: code.file, export: name, at: event.at };
    const came = await parts.rooms.run({ ...call, input: { ...input, ...more }, grants });
    return came.ok ? { answer: came.answer } : { unknown: came.problem.message };
  }

  /** An outage of ours is no answer either. */
  async function answered<T>(
    came: Promise<{ readonly answer: Json | undefined } | Unknown>,
    read: (answer: Json | undefined) => T | Unknown | Promise<T | Unknown>,
  ): Promise<T | Unknown> {
    try {
      const found = await came;
      return 'unknown' in found ? found : await read(found.answer);
    } catch (error) {
      if (error instanceof Failure) return { unknown: error.message };
      throw error;
    }
  }

  async function inputOf(
    desk: DeskId,
    vars: CodeQuestion['code']['vars'],
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
    hook(question) {
      const { hook } = question;
      const type = hook.slice(hook.indexOf('_') + 1);
      return answered(run(question, hook, { type }), (answer) => readAnswer(answer, hook));
    },
    approval(question) {
      const { desk: id, flow: ref } = question;
      return answered(run(question, 'approval', { type: 'request' }), async (answer) => {
        const desk = await parts.deskAt(id, ref.commit);
        const flow = desk.flows.get(ref.name);
        if (flow === undefined || isBroken(flow)) return { unknown: 'Its flow is not there any more.' };
        return readAnsweredSteps(answer, flow, desk);
      });
    },
    available: (question) => answered(run(question, 'available', { type: 'prompt' }), readAvailability),
    identity({ service, ...question }) {
      const { desk, event } = question;
      const ask = async (): ReturnType<typeof run> => {
        const { people } = await parts.desk(desk);
        const { requester } = event.request;
        const known = people?.persons.get(requester);
        const person = await personTold(parts, { desk, id: requester, known });
        return run(question, 'identity', { type: 'identity', service, person });
      };
      return answered(ask(), readIdentity);
    },
  };
}

async function decisionOf(
  { by, ...decision }: HookDecision,
  person: (id: PersonId) => Promise<JsonObject>,
): Promise<JsonObject> {
  return { ...decision, ...(by !== undefined && { by: await person(personId(by)) }) };
}

/** What may be said where; after a step, which nothing takes back, nothing but what is to be kept. */
function readAnswer(answer: Json | undefined, hook: HookName): HookAnswer | Unknown {
  const said = parseAnswer(answer);
  if (isUnknown(said)) return said;
  if (said.answer === 'go-on')
    return said.values && isOfPrompt(hook)
      ? { unknown: 'Before there is a request, there is none to keep an output with.' }
      : said;
  if (allowed[hook]?.includes(said.answer)) return said;
  return { unknown: `It answered what ${hook} may not answer.` };
}

const allowed: { readonly [H in HookName]?: readonly HookAnswer['answer'][] } = {
  on_prompt: ['ignore'],
  on_request: ['ignore', 'approve', 'deny'],
  on_approve: ['ignore', 'deny'],
  on_deny: ['ignore'],
  on_forward: ['ignore'],
  on_lapse: ['approve', 'deny'],
  on_escalate: ['ignore', 'deny'],
};

function parseAnswer(answer: Json | undefined): HookAnswer | Unknown {
  if (answer === undefined || answer === null) return { answer: 'go-on' };
  if (!isObject(answer)) return notAnAnswer;
  const { answer: kind, steps } = answer;
  const reason = textIn(answer, 'reason');
  const message = textIn(answer, 'message');
  if (kind === 'output') return outputOf(answer['values']);
  if (kind === 'ignore' && message !== undefined) return { answer: 'ignore', message };
  if (kind === 'deny' && reason !== undefined) return { answer: 'deny', reason };
  if (kind !== 'approve' || reason === undefined) return notAnAnswer;
  // Without `steps` it stands for all of them: nobody means that who misspelt it.
  const stranger = Object.keys(answer).find((key) => !['answer', 'steps', 'reason'].includes(key));
  if (stranger !== undefined) return { unknown: `It approves by what is not known: “${stranger}”.` };
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
