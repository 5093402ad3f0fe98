// What runs inside the sandbox of a desk's code, as text: the SDK and the kernel, from their own files. `npm run generate` writes it.
import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';

const sdk = 'src/sdk';

export function insideSource(): { readonly path: string; readonly content: string } {
  const names = readdirSync(sdk).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const modules = names.map((file) => [file.replace('.ts', '.js'), transpiled(`${sdk}/${file}`)]);
  const declarations = names.map((file) => [file.replace('.ts', '.d.ts'), declared(`${sdk}/${file}`)]);
  const content = `// Made by \`npm run generate\` from src/sdk and src/hooks/inside: do not edit.
export const kernelSource: string = ${JSON.stringify(transpiled('src/hooks/inside/kernel.ts'))};
/** \`countersign/sdk\` as the sandbox loads it, by file. */
export const sdkModules: { readonly [file: string]: string } = ${JSON.stringify(Object.fromEntries(modules))};
/** \`countersign/sdk\` as the type check sees it, by file. */
export const sdkDeclarations: { readonly [file: string]: string } = ${JSON.stringify(Object.fromEntries(declarations))};
`;
  return { path: 'src/hooks/generated/inside-source.ts', content };
}

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
  removeComments: true,
  strict: true,
};

function transpiled(file: string): string {
  return ts.transpileModule(readFileSync(file, 'utf8'), { fileName: file, compilerOptions }).outputText;
}

/** Throws where a type of what is exported would have to be worked out from elsewhere. */
function declared(file: string): string {
  const { outputText, diagnostics = [] } = ts.transpileDeclaration(readFileSync(file, 'utf8'), {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions,
  });
  const [problem] = diagnostics;
  if (problem) throw new Error(`${file}: ${ts.flattenDiagnosticMessageText(problem.messageText, '\n')}`);
  return outputText;
}
