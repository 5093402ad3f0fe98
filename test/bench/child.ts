// A process of its own for what has to be measured alone: started by the bench, ended by it, and heard by messages.
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Child {
  readonly pid: number;
  /** The next message, in order; rejects where the process ends without one. */
  next(): Promise<unknown>;
  send(message: object): void;
  /** SIGKILL, unless it has gone by itself. Resolves once it is gone. */
  kill(): Promise<void>;
}

const children = new Set<ChildProcess>();

/** `file` is beside this one. What it prints goes to stderr: stdout is for the figures. */
export function startChild(
  file: string,
  args: readonly string[] = [],
  options: { readonly env?: NodeJS.ProcessEnv } = {},
): Child {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [...args], {
    ...options,
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', process.stderr, 'inherit', 'ipc'],
  });
  children.add(child);
  const heard: unknown[] = [];
  let wake = (): void => undefined;
  let end: string | undefined;
  const gone = new Promise<void>((resolve) =>
    child.once('exit', (code, signal) => {
      children.delete(child);
      end = `${file} ended by itself: ${signal ?? `code ${code}`}.`;
      wake();
      resolve();
    }),
  );
  child.on('message', (message) => {
    heard.push(message);
    wake();
  });
  return {
    pid: child.pid ?? 0,
    async next() {
      while (heard.length === 0) {
        if (end !== undefined) throw new Error(end);
        await new Promise<void>((resolve) => (wake = resolve));
      }
      return heard.shift();
    },
    send: (message) => void child.send(message),
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** What a figure that failed in the middle has left behind. */
export function killChildren(): void {
  for (const child of children) child.kill('SIGKILL');
}
