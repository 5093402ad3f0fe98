// A small and plausible mistake: edits of one file, each of a text that it holds exactly once.
import type { Climate } from './deeds.ts';
import type { ServiceName } from './service-names.ts';

export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Where it is most likely to be seen; absent: in any. */
  readonly climate?: Climate;
  /** Which service has to be the target for it to be seen, in a climate that has one. */
  readonly service?: ServiceName;
  /** The first history that shows it, where it is known: so many less are told. */
  readonly from?: number;
  readonly edits: readonly { readonly find: string; readonly replace: string }[];
}

export function mutant(
  name: string,
  file: string,
  ...edits: readonly (readonly [find: string, replace: string])[]
): Mutant {
  return { name, file, edits: edits.map(([find, replace]) => ({ find, replace })) };
}

export function withService(service: ServiceName, from: number, which: Mutant): Mutant {
  return { ...which, climate: 'served', service, from };
}

export function inClimate(climate: Climate, mutants: readonly Mutant[]): readonly Mutant[] {
  return mutants.map((each) => ({ ...each, climate }));
}
