// Reads one file of a desk: what it imports, what it exports, and the JavaScript it is. Nothing of it is run.
import type TS from 'typescript';
import type { CodeProblem } from './code-problem.ts';
import { resolveImport, sdkName } from './resolve-import.ts';
import type { CodeFiles } from './compile-messages.ts';
import { ts } from './typescript.ts';

export const languageOptions: TS.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  isolatedModules: true,
  allowImportingTsExtensions: true,
  noEmit: true,
};

export interface ModuleText {
  readonly code: string;
  readonly sourceMap: string;
  readonly exports: readonly string[];
  readonly problems: readonly CodeProblem[];
}

export function readModule(file: string, files: CodeFiles): ModuleText {
  const text = files[file] ?? '';
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const {
    outputText,
    sourceMapText,
    diagnostics = [],
  } = ts.transpileModule(text, {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: { ...languageOptions, noEmit: false, sourceMap: true, inlineSources: false },
  });
  return {
    code: outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'),
    sourceMap: sourceMapText ?? '',
    exports: exportedNames(source),
    problems: [...diagnostics.map(problemOf), ...ruleProblems(source, files)],
  };
}

export function problemOf({ file, start = 0, messageText }: TS.Diagnostic): CodeProblem {
  const message = sentenceOf(messageText);
  if (file === undefined) return { file: 'flows', line: 1, column: 1, message };
  return { file: file.fileName.replace(/^\//, ''), ...placeOf(file, start), message };
}

/** What does not fit, and the innermost reason: what lies between repeats both in types that grow. */
function sentenceOf(text: TS.Diagnostic['messageText']): string {
  if (typeof text === 'string') return text;
  let inner = text;
  let depth = 1;
  for (; inner.next?.[0]; depth += 1) inner = inner.next[0];
  if (depth < 3) return ts.flattenDiagnosticMessageText(text, ' ');
  return `${text.messageText} … ${inner.messageText}`;
}

function placeOf(source: TS.SourceFile, at: number): { readonly line: number; readonly column: number } {
  const { line, character } = source.getLineAndCharacterOfPosition(at);
  return { line: line + 1, column: character + 1 };
}

/** What the language allows and the sandbox does not. */
function ruleProblems(source: TS.SourceFile, files: CodeFiles): readonly CodeProblem[] {
  const problems: CodeProblem[] = [];
  const say = (node: TS.Node, message: string): void => {
    problems.push({ file: source.fileName, ...placeOf(source, node.getStart(source)), message });
  };
  const checkImport = (at: TS.Node, name: TS.Expression | undefined): void => {
    if (name === undefined || isKnownImport(name, source.fileName, files)) return;
    say(at, `Code imports ${sdkName} and the desk’s own files (“./other.ts”), and nothing else.`);
  };
  for (const { fileName, pos } of [
    ...source.referencedFiles,
    ...source.typeReferenceDirectives,
    ...source.libReferenceDirectives,
  ])
    problems.push({
      file: source.fileName,
      ...placeOf(source, pos),
      message: `${fileName}: code refers to nothing outside of the desk.`,
    });

  const look = (node: TS.Node, isWithinFunction: boolean): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) checkImport(node, node.moduleSpecifier);
    if (ts.isImportEqualsDeclaration(node)) say(node, 'Write `import … from`.');
    if (ts.isImportTypeNode(node))
      checkImport(
        node,
        ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)
          ? node.argument.literal
          : undefined,
      );
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      say(node, 'Imports stand at the top of a file.');
    if (isAwait(node) && !isWithinFunction)
      say(node, 'There is no await outside of a function: nothing can be waited for while a file is read.');
    if (
      ts.isModuleDeclaration(node) &&
      (ts.isStringLiteral(node.name) || (node.flags & ts.NodeFlags.GlobalAugmentation) !== 0)
    )
      say(node, 'Code declares nothing for others.');
    const within = isWithinFunction || ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node);
    ts.forEachChild(node, (child) => look(child, within));
  };
  look(source, false);
  return problems;
}

function isAwait(node: TS.Node): boolean {
  return ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined);
}

function isKnownImport(name: TS.Expression, from: string, files: CodeFiles): boolean {
  if (!ts.isStringLiteral(name)) return false;
  if (name.text === sdkName) return true;
  return name.text.startsWith('.') && !resolveImport(files, from, name.text).startsWith('not-found:');
}

/** What is named in the file itself: what `export *` brings along is not followed, and what is a type alone does not count. */
function exportedNames(source: TS.SourceFile): readonly string[] {
  return source.statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement)) return namesOfList(statement);
    if (
      !ts.canHaveModifiers(statement) ||
      !ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    )
      return [];
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.flatMap(({ name }) =>
        ts.isIdentifier(name) ? [name.text] : [],
      );
    if (
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement)
    )
      return statement.name ? [statement.name.text] : [];
    return [];
  });
}

function namesOfList({ exportClause, isTypeOnly }: TS.ExportDeclaration): readonly string[] {
  if (isTypeOnly || exportClause === undefined || !ts.isNamedExports(exportClause)) return [];
  return exportClause.elements.filter((element) => !element.isTypeOnly).map(({ name }) => name.text);
}
