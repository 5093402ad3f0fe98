// The place that a sandbox takes on this machine, its ports and its folder: why it cannot have it, in words.
import { createServer } from 'node:net';

export interface Place {
  readonly port: number;
  readonly appPort: number;
  readonly folder: string;
}

const advice = 'Stop it, or choose another: SANDBOX_PORT=8750 npm start';

/** Throws where the app would find its port taken: else it would be started again and again. */
export async function ensureAppPort(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        codeOf(cause) === 'EADDRINUSE'
          ? new Error(`Port ${port}, which the app would take, is taken. ${advice}`, { cause })
          : cause,
      ),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  await new Promise((resolve) => server.close(resolve));
}

/** What somebody who started it can do something about; any other error as it is. */
export function inWords(error: unknown, { port, folder }: Place): unknown {
  const code = codeOf(error);
  if (code === 'EADDRINUSE')
    return new Error(`Port ${port} is taken: another sandbox may be running. ${advice}`, { cause: error });
  const why = code === undefined ? undefined : reasons[code];
  if (why === undefined) return error;
  return new Error(
    `The sandbox keeps its world in ${folder}, and ${why} (${code}). Start it in a folder of your own, or make room there.`,
    { cause: error },
  );
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'may not write there',
  EPERM: 'may not write there',
  EROFS: 'nothing can be written there',
  ENOTDIR: 'a part of that path is a file',
  EEXIST: 'a part of that path is a file',
  ENOSPC: 'the disk is full',
};

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
