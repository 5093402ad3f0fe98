// What changes of the files beside the flows: issue forms that are no longer ours, scenarios that are gone.
import type { Desk } from '../desk.ts';
import type { DeskFiles } from '../desk-reader.ts';
import { formFolder } from '../forms/issue-forms.ts';
import { isOurs } from '../forms/stale-forms.ts';
import { flowPlace, type Change } from './change.ts';
import { pairFlows } from './pair-flows.ts';

export interface ReadDesk {
  readonly files: DeskFiles;
  readonly desk: Desk;
}

export function compareFiles(before: ReadDesk, after: ReadDesk): readonly Change[] {
  return [...ownForms(before.files, after.files), ...removedScenarios(before, after)];
}

function ownForms(before: DeskFiles, after: DeskFiles): readonly Change[] {
  return [...before.keys()].flatMap((path) => {
    const flow = path.startsWith(`${formFolder}/`) ? /([^/]+)\.yml$/.exec(path)?.[1] : undefined;
    if (flow === undefined || !after.has(path)) return [];
    if (!isOurs(before.get(path)) || isOurs(after.get(path))) return [];
    const sentence = `The issue form of ${flow} is written by hand from now on: whether it asks what the flow asks is not looked at any more.`;
    return [{ ...flowPlace(flow).change('form-own', 'other', sentence), file: path }];
  });
}

/** A flow that is gone needs none. */
function removedScenarios(before: ReadDesk, after: ReadDesk): readonly Change[] {
  return pairFlows(before.desk, after.desk).flatMap(({ name, renamedFrom = name, ...flow }) => {
    const [was, is] = [scenariosOf(renamedFrom), scenariosOf(name)];
    if (!flow.before || !flow.after || !before.files.has(was) || after.files.has(is)) return [];
    const sentence = `The scenarios of ${name} are gone: nothing tries any more what it says to whom.`;
    return [{ ...flowPlace(name).change('scenarios-removed', 'easier', sentence), file: was }];
  });
}

function scenariosOf(flow: string): string {
  return `flows/${flow}.test.yml`;
}
