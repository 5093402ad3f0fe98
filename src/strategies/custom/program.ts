// The code of a custom strategy, at one commit: asked one function at a time, and told apart from the service where it fails.
import type { Settings, StrategyCode } from '../../domain/flow.ts';
import type { PersonId } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';
import { CodeFault, type CodeRan } from '../desk-code.ts';
import type { Call } from '../strategy.ts';
import { withoutValues } from './without-values.ts';

/** Where it can be reached, and what it is told of the desk. */
export type ProgramCall = Pick<Call, 'settings' | 'integration' | 'integrationName' | 'using'>;

export interface Program {
  /** `flows/seats.ts`. */
  readonly file: string;
  /** Throws `CodeFault` where the code is to blame, and else `Failure`. */
  ask(call: ProgramCall, name: FunctionName, more?: Question): Promise<unknown>;
  /** What it answered is none of what may be answered there. */
  fault(name: FunctionName, why: string): CodeFault;
}

export type FunctionName = 'describe' | 'wanted' | 'identify' | 'resource' | 'read' | 'set';

interface Question {
  readonly input?: Settings;
  readonly person?: PersonId;
}

/** `commit`: absent for the code as it is now. */
export function createProgram(
  { file, hosts }: Pick<StrategyCode, 'file' | 'hosts'>,
  commit: string | undefined,
): Program {
  return {
    file,
    async ask(call, name, { input = {}, person } = {}) {
      const { settings, integration, using } = call;
      const told: Settings = { settings, integration, ...input };
      const ran = await using.code({
        ...{ file, hosts, input: told, function: `strategy.${name}` },
        ...(commit !== undefined && { commit }),
        ...(person !== undefined && { person }),
        ...integrationOf(call),
      });
      if (ran.ok) return ran.answer;
      throw failureOf(ran, `${file}, ${name}`, told);
    },
    fault: (name, why) => new CodeFault(`${file}, ${name}: it answered ${why}.`, { transient: false }),
  };
}

/** As the flow names it, and so its code: which one that is where an environment has its own, is not for the code to know. */
function integrationOf({ integration, integrationName: name }: ProgramCall): {
  readonly integration?: { readonly name: string; readonly settings: Settings };
} {
  if (name === undefined) return {};
  return { integration: { name: name.slice(name.lastIndexOf('/') + 1), settings: integration } };
}

/** Not of the code itself: the sandbox had no room, broke, or was told to stop. */
const ofTheSandbox = ['busy', 'crashed', 'given-up'];
/** What the same code will not do better the next time. */
const forGood = ['not-found', 'output'];

function failureOf({ problem }: CodeRan & { readonly ok: false }, where: string, told: Settings): Failure {
  const { kind, message, line, transient } = problem;
  const words = withoutValues(message, told);
  const said = `${where}${line === undefined ? '' : ` (line ${line})`}: ${words}`;
  if (transient !== undefined) return new Failure(said, { transient });
  if (ofTheSandbox.includes(kind)) return new Failure(said, { transient: true });
  return new CodeFault(said, { transient: !forGood.includes(kind) });
}
