// Checks the types of a desk's code against the SDK and the language itself. Nothing else can be read: no file of this machine.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type TS from 'typescript';
import type { CodeProblem } from './code-problem.ts';
import type { CodeFiles } from './compile-messages.ts';
import { sdkDeclarations } from './generated/inside-source.ts';
import { languageOptions, problemOf } from './read-module.ts';
import { nameOfSdkFile, resolveImport, sdkName } from './resolve-import.ts';
import { ts } from './typescript.ts';

const options: TS.CompilerOptions = {
  ...languageOptions,
  strict: true,
  noUncheckedIndexedAccess: true,
  lib: ['lib.es2022.d.ts'],
  types: [],
  skipLibCheck: true,
  noResolve: false,
};

/** The language's own declarations, as TypeScript ships them, and no others of its folder (not the browser's). */
const libraryFile = /^lib\.(?:es5|es6|es20\d\d(?:\.[a-z]+)*|decorators(?:\.legacy)?)(?:\.full)?\.d\.ts$/;
const libraries = dirname(createRequire(import.meta.url).resolve('typescript'));

export function checkTypes(files: CodeFiles): readonly CodeProblem[] {
  const program = ts.createProgram({
    rootNames: Object.keys(files).map(rooted),
    options,
    host: hostOf(files),
  });
  return ts.getPreEmitDiagnostics(program).map(problemOf);
}

/** Files have paths like `/flows/a.ts`, so that there is no folder above them. */
function hostOf(files: CodeFiles): TS.CompilerHost {
  const textOf = (path: string): string | undefined => {
    const name = path.replace(/^\//, '');
    const sdkFile = nameOfSdkFile(name);
    if (sdkFile !== undefined) return own(sdkDeclarations, sdkFile);
    if (path.startsWith('/lib/')) return libraryText(path.slice('/lib/'.length));
    return own(files, name);
  };
  return {
    getSourceFile(path, languageVersion) {
      const text = textOf(path);
      return text === undefined ? undefined : ts.createSourceFile(path, text, languageVersion);
    },
    getDefaultLibFileName: () => '/lib/lib.es2022.d.ts',
    getDefaultLibLocation: () => '/lib',
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (path) => textOf(path) !== undefined,
    readFile: textOf,
    directoryExists: () => false,
    getDirectories: () => [],
    writeFile: () => undefined,
    resolveModuleNameLiterals: (literals, from) =>
      literals.map(({ text }) => ({ resolvedModule: resolved(files, from.replace(/^\//, ''), text) })),
  };
}

function resolved(files: CodeFiles, from: string, name: string): TS.ResolvedModuleFull | undefined {
  const path = resolveImport(files, from, name);
  if (path.startsWith('not-found:')) return undefined;
  if (!path.startsWith(`${sdkName}/`)) return { resolvedFileName: rooted(path), extension: ts.Extension.Ts };
  return { resolvedFileName: rooted(path.replace(/\.(?:js|ts)$/, '.d.ts')), extension: ts.Extension.Dts };
}

function libraryText(name: string): string | undefined {
  return libraryFile.test(name) ? readFileSync(join(libraries, name), 'utf8') : undefined;
}

function rooted(path: string): string {
  return `/${path}`;
}

function own(texts: CodeFiles, name: string): string | undefined {
  return Object.hasOwn(texts, name) ? texts[name] : undefined;
}
