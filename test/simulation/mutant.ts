// A small and plausible mistake: edits of one file, each of a text that it holds exactly once.

export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly edits: readonly { readonly find: string; readonly replace: string }[];
}

export function mutant(
  name: string,
  file: string,
  ...edits: readonly (readonly [find: string, replace: string])[]
): Mutant {
  return { name, file, edits: edits.map(([find, replace]) => ({ find, replace })) };
}
