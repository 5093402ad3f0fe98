// How a command ends where it was called wrongly, or where something could not be read: with a sentence and an exit code.
import { Failure } from '../../engine/ports/failure.ts';
import type { CliConsole } from './command.ts';
import { plain } from './terminal-text.ts';

/** The words after a command mean nothing to it. */
export class WrongCall extends Error {}

/** The exit code of the work: 2 where it was called wrongly, 3 where something could not be read. */
export async function endingOf(
  name: string,
  console: CliConsole,
  work: () => Promise<number>,
): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure) {
      console.err(plain(error.message));
      return 3;
    }
    if (!isWrongCall(error)) throw error;
    console.err(plain(error.message));
    console.err(`countersign ${name} --help says how it is called.`);
    return 2;
  }
}

/** Ours, or one of `node:util`'s own, which name the word that they do not know. */
function isWrongCall(error: unknown): error is Error {
  if (error instanceof WrongCall) return true;
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code.startsWith('ERR_PARSE_ARGS_')
  );
}

/** Every command that reads or writes files of a desk takes it, however else its folder may be said. */
export const folderOption = { folder: { type: 'string' } } as const;

/** The one folder that a command is about, by the option or in another way; where you are, unless given. */
export function oneFolder(
  others: readonly (string | undefined)[],
  { folder }: { readonly folder?: string | undefined },
): string {
  const [first = '.', ...more] = [folder, ...others].filter((each) => each !== undefined);
  if (more.length > 0) throw new WrongCall(`One folder at a time: what is “${more.join(' ')}”?`);
  return first;
}
