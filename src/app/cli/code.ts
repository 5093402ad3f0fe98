// The code of a desk as the command line sees it: compiled and type-checked, and not run.
import { seeCode } from '../../hooks/see-code.ts';
import { createCodeRooms } from '../../hooks/code-rooms.ts';
import type { CodeSeen } from '../../desk/code-diagnostics.ts';
import type { DeskFiles } from '../../desk/desk-reader.ts';
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
