// Runs a flow's own code for scenarios: in the real sandbox and through the real `http`, with the scenario in the place of the world.
import type { Desk } from '../desk/desk.ts';
import type { CodeCame, RunCode, Scene } from '../desk/scenarios/code-book.ts';
import { sceneDesk } from '../desk/scenarios/scene.ts';
import type { HookQuestion } from '../domain/hooks.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Log } from '../engine/ports/log.ts';
import type { Authenticate } from './calls/authenticate.ts';
import { OutsideRefusal, type Capability, type Grants } from './capabilities.ts';
import { createCodeRooms } from './code-rooms.ts';
import { grantsOf } from './calls/grants-of.ts';
import { createHookRunner } from './hook-runner.ts';
import { createHttpCall } from './http-call.ts';

export interface ScenarioCode {
  /** For the desk as it is at its commit. */
  of(desk: Desk): RunCode;
  /** Ends its threads. */
  stop(): Promise<void>;
}

/** One run of a hook: its scene, and what of it could not be done, in sentences. */
interface Running {
  readonly scene: Scene;
  readonly undone: string[];
}

export function createScenarioCode({
  clock,
  log,
}: {
  readonly clock: Clock;
  readonly log: Log;
}): ScenarioCode {
  /** By what the run was granted, which is its own. */
  const running = new WeakMap<Grants, Running>();

  const http: Capability = async (call) => {
    const run = running.get(call.grants);
    if (run === undefined) throw new Error('A call came from no scenario.');
    try {
      return await createHttpCall({ clock, authenticate, fetch: answering(run) })(call);
    } catch (error) {
      if (error instanceof OutsideRefusal)
        run.undone.push(`The code asked for what it may not: ${error.message}`);
      throw error;
    }
  };
  const rooms = createCodeRooms({ capabilities: { http }, clock, log });

  async function run(desk: Desk, question: HookQuestion, scene: Scene): Promise<CodeCame> {
    const undone: string[] = [];
    const runner = createHookRunner({
      rooms,
      deskAt: async () => desk,
      desk: async () => desk,
      belongs: async (_, person, group) => scene.belongs(person, group),
      async grants(_, use) {
        const grants: Grants = {
          ...grantsOf(use, desk.settings),
          calls: ['http'],
          secret: async (name) => `secret ${name}`,
        };
        running.set(grants, { scene, undone });
        return grants;
      },
    });
    const flow = { ...question.flow, commit: desk.commit };
    const came = await runner.hook({ ...question, flow, desk: sceneDesk });
    const [first] = undone;
    return first === undefined ? came : { undone: first };
  }

  return { of: (desk) => (question, scene) => run(desk, question, scene), stop: () => rooms.stop() };
}

/** Nobody is at the other end. */
const authenticate: Authenticate = async () => ({});

/** The first that fits answers; what nothing fits is noted, whatever the code makes of it. */
function answering({ scene, undone }: Running): typeof globalThis.fetch {
  return async (input, init) => {
    const url = String(input);
    const method = init?.method ?? 'GET';
    const given = scene.outside.find(
      ({ http, method: only = method }) =>
        only === method && (http.endsWith('*') ? url.startsWith(http.slice(0, -1)) : url === http),
    );
    if (given === undefined) {
      undone.push(`The code asked for ${method} ${url}, and nothing in \`outside\` answers that.`);
      throw new TypeError('Nothing answers.');
    }
    const { answers } = given;
    if (typeof answers === 'string') throw new TypeError('The scenario says that nobody answers.');
    const { status = 200, json, text = '' } = answers;
    const body = json === undefined ? text : JSON.stringify(json);
    const isEmpty = status === 204 || status === 205 || status === 304;
    const type = json === undefined ? 'text/plain' : 'application/json';
    return new Response(isEmpty ? null : body, { status, headers: { 'content-type': type } });
  };
}
