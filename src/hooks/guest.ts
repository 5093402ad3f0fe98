// One sandbox: a WebAssembly JavaScript engine with the files of a desk at a commit, and nothing else. It runs one call at a time.
import { sdkModules } from './generated/inside-source.ts';
import { startKernel } from './kernel-calls.ts';
import { createMachine, tellError, type Machine } from './machine.ts';
import type { AnswerMessage, Asked, CallMessage, RoomOutcome, RoomWork, Turn } from './messages.ts';
import { nameOfSdkFile, resolveImport } from './resolve-import.ts';
import { seededChance } from './seeded-chance.ts';

export interface Guest {
  begin(call: CallMessage): Turn;
  answer(answer: AnswerMessage): Turn;
}

/** What is known of the call that runs. */
interface Running {
  readonly call: CallMessage;
  readonly random: () => number;
  asked: number;
  /** Outside calls without an answer. */
  open: number;
  lines: number;
  computeLeft: number;
  isLoading: boolean;
  outcome: RoomOutcome | undefined;
}

/** `setTime` says what the engine reads as now: it is the thread's own clock that it asks. */
export async function createGuest(
  { modules, limits }: RoomWork,
  setTime: (at: number) => void,
): Promise<Guest> {
  const machine = await createMachine(limits);
  const { runtime, context } = machine;
  const loaded = new Set<string>();
  let running: Running | undefined;
  let turn = emptyTurn();

  runtime.setModuleLoader(
    (name) => textOf(modules, name),
    (from, name) => resolveImport(modules, from, name),
  );
  const kernel = startKernel(machine, {
    ask(id, name, json) {
      if (running === undefined) return 'No call runs.';
      running.asked += 1;
      if (running.asked > limits.outsideCalls)
        return `One call makes at most ${limits.outsideCalls} outside calls.`;
      if (json.length > limits.outsideLength || name.length > 100)
        return `An outside call is at most ${limits.outsideLength} characters long.`;
      running.open += 1;
      turn.asked.push({ id, name, json });
      return '';
    },
    isOpen: () => running?.isLoading === false,
    say(text) {
      if (running === undefined) return;
      running.lines += 1;
      if (running.lines > limits.logLines) turn.unsaid += 1;
      else turn.said.push(text.slice(0, limits.logLength));
    },
    finish(kind, text) {
      // Whatever promises make of being interrupted is no answer of the code.
      if (machine.isInterrupted) return;
      // Without memory for an error, the engine throws null: whoever throws what is no error gets a new room.
      const isSound = kind !== 'memory' && !text.startsWith('{"name":""');
      if (running && isGuestKind(kind)) running.outcome ??= { kind, text, isSound };
    },
    random: () => running?.random() ?? 0,
    nonce: () => running?.call.nonce ?? '',
    answerLength: limits.answerLength,
  });

  /** Everything until the code waits or is done. Whatever the engine throws at us means that it is broken. */
  function take(run: Running, work: () => void): Turn {
    turn = emptyTurn();
    const from = performance.now();
    machine.deadline = from + run.computeLeft;
    try {
      work();
      drain(machine, run);
    } catch (error) {
      run.outcome = failed(
        'crashed',
        `The sandbox broke (${error instanceof Error ? error.name : 'unknown'}).`,
      );
    }
    run.computeLeft -= performance.now() - from;
    const found = outcomeOf(machine, run);
    const outcome = found && { ...found, isSound: found.isSound && !machine.hasGrown() };
    if (outcome) running = undefined;
    return { ...told(turn), ...(outcome && { outcome }) };
  }

  /** Reads a file, and what it imports, when it is first called. */
  function load(run: Running, file: string): boolean {
    if (loaded.has(file)) return true;
    if (!Object.hasOwn(modules, file)) {
      run.outcome = {
        kind: 'not-found',
        text: JSON.stringify({ message: 'There is no such file.' }),
        isSound: true,
      };
      return false;
    }
    const read = context.evalCode(`export * from ${JSON.stringify(file)};`, `call:${file}`, {
      type: 'module',
    });
    if (read.error) {
      run.outcome = { ...tellError(machine, read.error), isSound: false };
      return false;
    }
    const problem = read.value.consume((namespace) => kernel.keep(file, namespace));
    if (problem) run.outcome = { ...problem, isSound: false };
    else loaded.add(file);
    return problem === undefined;
  }

  return {
    begin(call) {
      setTime(call.at);
      const run: Running = {
        call,
        random: seededChance(`${call.at} ${call.input}`),
        asked: 0,
        open: 0,
        lines: 0,
        computeLeft: limits.computeMs,
        isLoading: true,
        outcome: undefined,
      };
      running = run;
      return take(run, () => {
        if (!load(run, call.file)) return;
        run.isLoading = false;
        const broken = kernel.run(call.file, call.export, call.input);
        run.outcome ??= broken;
      });
    },
    answer({ id, isOk, json }) {
      const run = running;
      if (run === undefined) return { type: 'turn' };
      return take(run, () => {
        run.open -= 1;
        const broken = kernel.settle(id, isOk, json);
        run.outcome ??= broken;
      });
    },
  };
}

interface Happening {
  readonly asked: Asked[];
  readonly said: string[];
  unsaid: number;
}

function emptyTurn(): Happening {
  return { asked: [], said: [], unsaid: 0 };
}

function told({ asked, said, unsaid }: Happening): Turn {
  return {
    type: 'turn',
    ...(asked.length > 0 && { asked }),
    ...(said.length > 0 && { said }),
    ...(unsaid > 0 && { unsaid }),
  };
}

function textOf(modules: RoomWork['modules'], name: string): string | { readonly error: Error } {
  const sdkFile = nameOfSdkFile(name);
  const text = sdkFile === undefined ? own(modules, name) : own(sdkModules, sdkFile);
  return text ?? { error: new Error('There is no such file.') };
}

function own(texts: { readonly [name: string]: string }, name: string): string | undefined {
  return Object.hasOwn(texts, name) ? texts[name] : undefined;
}

function drain(machine: Machine, run: Running): void {
  const result = machine.runtime.executePendingJobs();
  if (result.error) run.outcome ??= tellError(machine, result.error);
  else result.dispose();
}

/** It is over when it has answered and what it asked for has come, awaited or not; or when nothing more can come. */
function outcomeOf({ isInterrupted, limits }: Machine, run: Running): RoomOutcome | undefined {
  if (run.outcome?.kind === 'crashed') return run.outcome;
  if (isInterrupted) return failed('timeout', `It computed for longer than ${limits.computeMs} ms.`);
  if (run.outcome && !run.outcome.isSound) return run.outcome;
  if (run.open > 0) return undefined;
  return run.outcome ?? failed('timeout', 'It waits for something that never comes.');
}

function failed(kind: RoomOutcome['kind'], message: string): RoomOutcome {
  return { kind, text: JSON.stringify({ message }), isSound: false };
}

function isGuestKind(kind: string): kind is 'answer' | 'threw' | 'memory' | 'output' | 'not-found' {
  return ['answer', 'threw', 'memory', 'output', 'not-found'].includes(kind);
}
