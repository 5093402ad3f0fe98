// What is to be said of a desk's code before anybody runs it: that it compiles, its types, and what it exports.
import type { CodeSeen } from '../desk/code-diagnostics.ts';
import type { DeskFiles } from '../desk/desk-reader.ts';
import { codeIn } from '../desk/desk-reader.ts';
import type { DeskId } from '../domain/names.ts';
import type { CodeRooms } from './code-rooms.ts';

/** Undefined where there is none. */
export async function seeCode(
  rooms: Pick<CodeRooms, 'read' | 'check'>,
  desk: DeskId,
  { files: all, commit }: { readonly files: DeskFiles; readonly commit: string },
): Promise<CodeSeen | undefined> {
  const files = codeIn(all);
  if (Object.keys(files).length === 0) return undefined;
  const { exports, problems: unreadable } = await rooms.read({ desk, commit, files });
  const problems = unreadable.length > 0 ? unreadable : await rooms.check({ desk, files });
  return { problems, exports };
}
