// Which code of the desk an action or the options of a field name: `run: code` with a file and a function that it exports.
import type { Action } from '../domain/flow.ts';

export interface ActionCode {
  /** `flows/gate.ts` */
  readonly file: string;
  readonly function: string;
}

/** Undefined where it names none; `with` may not have been looked at yet. */
export function codeOfAction({ run, with: given }: Pick<Action, 'run' | 'with'>): ActionCode | undefined {
  const { file, function: name } = given;
  if (run !== 'code' || typeof file !== 'string' || typeof name !== 'string') return undefined;
  return { file: `flows/${file}`, function: name };
}
