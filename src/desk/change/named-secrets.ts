// Secrets that the settings of a desk name, held against those that its operator grants it.
import type { DeskFiles } from '../desk-reader.ts';
import { diagnose, type Diagnostic } from '../diagnostic.ts';
import { nearest } from '../nearest.ts';
import { withoutComment } from './named-groups.ts';

const settingsPath = 'flows/countersign.yml';

/** `granted`: the names alone. What is in them is nobody's business here. */
export function secretDiagnostics(files: DeskFiles, granted: readonly string[]): readonly Diagnostic[] {
  const content = files.get(settingsPath);
  if (content === undefined) return [];
  const lines = new TextDecoder().decode(content).split(/\r\n|[\n\r]/);
  return lines.flatMap((text, index) =>
    [...withoutComment(text).matchAll(/\$\{\{\s*secrets\.([A-Z][A-Z0-9_]*)\s*\}\}/g)].flatMap((match) => {
      const [, name = ''] = match;
      if (granted.includes(name)) return [];
      const place = { file: settingsPath, line: index + 1, column: match.index + 1 };
      return [diagnose({ ...place, suggestion: nearest(name, granted) }, 'secret-not-granted', name)];
    }),
  );
}
