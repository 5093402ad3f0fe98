// Diagnostics as machines read them: lines that GitHub Actions shows beside the code, and SARIF for code scanning.
import type { Log, ReportingDescriptor, Result } from 'sarif';
import type { Change } from '../../desk/change/change.ts';
import { sentenceOf, type Diagnostic } from '../../desk/diagnostic.ts';
import { plain } from './terminal-text.ts';
import { meanings } from '../../desk/diagnostic-words.ts';

/** Workflow commands, one for each. What is in them ends no line and begins no other command. */
export function workflowCommands(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map((diagnostic) => {
    const { file, line, column, level, code } = diagnostic;
    const properties = Object.entries({ file, line, col: column, title: code })
      .map(([name, value]) => `${name}=${inProperty(String(value))}`)
      .join(',');
    return `::${level === 'note' ? 'notice' : level} ${properties}::${inMessage(sentenceOf(diagnostic))}`;
  });
}

/** What is to be looked at first, at the files that it belongs to. */
export function warnings(changes: readonly Pick<Change, 'file' | 'sentence'>[]): readonly string[] {
  return changes.map(
    ({ file, sentence }) =>
      `::warning file=${inProperty(file)},title=look at this first::${inMessage(sentence)}`,
  );
}

/** As the runner reads them back. */
function inMessage(text: string): string {
  return plain(text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A'));
}

function inProperty(text: string): string {
  return inMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** SARIF 2.1.0. Places are in files of the repository. */
export function sarifLog(diagnostics: readonly Diagnostic[], version: string): Log {
  const used = new Set<string>(diagnostics.map(({ code }) => code));
  return {
    version: '2.1.0',
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    runs: [
      {
        tool: {
          driver: {
            name: 'Countersign',
            semanticVersion: version,
            rules: meanings.filter(([code]) => used.has(code)).map(ruleOf),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map(resultOf),
      },
    ],
  };
}

function ruleOf([id, level, means]: (typeof meanings)[number]): ReportingDescriptor {
  return { id, shortDescription: { text: means }, defaultConfiguration: { level } };
}

function resultOf(diagnostic: Diagnostic): Result {
  const { file, line, column, level, code } = diagnostic;
  return {
    ruleId: code,
    level,
    message: { text: sentenceOf(diagnostic) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/') },
          region: { startLine: line, startColumn: column },
        },
      },
    ],
  };
}
