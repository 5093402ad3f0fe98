// Of two versions of a desk, what has to be read to say what changes: of a thousand flows, mostly one.
import type { DeskFiles } from '../desk-reader.ts';

/** What tells the content of a file apart, such as Git's hash of it, by the file's path. */
export type FileVersions = ReadonlyMap<string, string>;

/** Their content itself tells files apart where no hash is at hand. */
export function versionsOf(files: DeskFiles): FileVersions {
  return new Map([...files].map(([path, content]) => [path, Buffer.from(content).toString('latin1')]));
}

export interface Narrowed {
  /** Whether a path belongs to what changes, or is what all flows share. */
  readonly isWanted: (path: string) => boolean;
  /** How many flows stay as they are, and are not looked at. */
  readonly unchanged: number;
}

const shared = ['flows/countersign.yml', 'flows/people.yml'];
const flowFile = /^flows\/([^/]+?)(?:\.test)?\.ya?ml$/;
/** Which flows a file of code has a say in, only the flows themselves tell. */
const codeFile = /^flows\/.+\.ts$/;
const formFile = /^\.github\/ISSUE_TEMPLATE\/([^/]+)\.ya?ml$/;

/** Where what all flows share changes, everything does. */
export function narrow(before: FileVersions, after: FileVersions): Narrowed {
  const isChanged = (path: string): boolean => before.get(path) !== after.get(path);
  const paths = new Set([...before.keys(), ...after.keys()]);
  if ([...shared, ...[...paths].filter((path) => codeFile.test(path))].some(isChanged))
    return { isWanted: () => true, unchanged: 0 };
  const changed = new Set([...paths].filter(isChanged).flatMap((path) => flowOf(path) ?? []));
  const flows = new Set(
    [...after.keys()].flatMap((path) =>
      flowFile.test(path) && !shared.includes(path) ? (flowOf(path) ?? []) : [],
    ),
  );
  return {
    isWanted: (path) => shared.includes(path) || codeFile.test(path) || changed.has(flowOf(path) ?? ''),
    unchanged: [...flows].filter((name) => !changed.has(name)).length,
  };
}

/** The flow that a file is, tests, or asks for. */
function flowOf(path: string): string | undefined {
  return flowFile.exec(path)?.[1] ?? formFile.exec(path)?.[1];
}
