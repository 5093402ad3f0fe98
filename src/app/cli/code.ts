// The code of a desk as the command line sees it: compiled and type-checked; and run, for scenarios that want it.
import { createScenarioCode } from '../../hooks/scenario-code.ts';
import { seeCode } from '../../hooks/see-code.ts';
import { createCodeRooms } from '../../hooks/code-rooms.ts';
import type { CodeSeen } from '../../desk/code-diagnostics.ts';
import type { Desk } from '../../desk/desk.ts';
import type { DeskFiles } from '../../desk/desk-reader.ts';
import { runScenariosWithCode, type ScenarioReport } from '../../desk/scenarios/run-scenarios.ts';
import { deskId } from '../../domain/names.ts';
import { systemClock } from '../system.ts';

const here = deskId('folder', 0);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Undefined where there is none. */
export async function seeCodeOf(files: DeskFiles, commit = 'here'): Promise<CodeSeen | undefined> {
  const rooms = createCodeRooms({ capabilities: {}, clock: systemClock, log: silent });
  try {
    return await seeCode(rooms, here, { files, commit });
  } finally {
    await rooms.stop();
  }
}

/** Its scenarios, with the flows' own code run where they want it. */
export async function playWithCode(desk: Desk, files: DeskFiles): Promise<ScenarioReport> {
  const code = createScenarioCode({ clock: systemClock, log: silent });
  try {
    return await runScenariosWithCode(desk, files, code.of(desk));
  } finally {
    await code.stop();
  }
}
