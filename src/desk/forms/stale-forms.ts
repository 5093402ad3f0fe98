// Which issue forms no longer fit the flows that they were made from.
import { isBroken, type Desk } from '../desk.ts';
import { formFolder, issueForms } from './issue-forms.ts';

export interface FormChange {
  readonly path: string;
  /** `own`: somebody wrote it themselves, and it is left alone. */
  readonly is: 'missing' | 'outdated' | 'left-over' | 'own';
  /** As it should be; absent for one that should go. */
  readonly text?: string;
}

/**
 * What would have to change for the forms to fit the flows. `files`: all of the folder, by path; others are passed by.
 * Only a form with our first line is ours.
 */
export function staleForms(desk: Desk, files: ReadonlyMap<string, Uint8Array>): readonly FormChange[] {
  const wanted = issueForms(desk);
  const changes: FormChange[] = [];
  for (const [path, text] of wanted) {
    const found = read(files.get(path));
    if (found === undefined) changes.push({ path, is: 'missing', text });
    else if (flowOf(found) === undefined) changes.push({ path, is: 'own', text });
    else if (found !== text) changes.push({ path, is: 'outdated', text });
  }
  for (const path of files.keys()) {
    if (!path.startsWith(`${formFolder}/`) || wanted.has(path)) continue;
    const flow = flowOf(read(files.get(path)) ?? '');
    if (flow !== undefined && !isKept(desk, flow)) changes.push({ path, is: 'left-over' });
  }
  return changes;
}

/** Whether a form begins with our first line. */
export function isOurs(bytes: Uint8Array | undefined): boolean {
  return flowOf(read(bytes) ?? '') !== undefined;
}

/** The flow that a form says it was made from. */
function flowOf(text: string): string | undefined {
  return /^# Made from flows\/(\S+)\.yml by Countersign/.exec(text)?.[1];
}

function read(bytes: Uint8Array | undefined): string | undefined {
  return bytes && new TextDecoder().decode(bytes).replaceAll('\r\n', '\n');
}

function isKept(desk: Desk, name: string): boolean {
  const flow = desk.flows.get(name);
  return flow !== undefined && isBroken(flow);
}
