// Which file an import means: another file of the same desk, or the SDK. Nothing else can be named.

export const sdkName = 'countersign/sdk';

/** The file's path, or a name that no file has. */
export function resolveImport(
  files: { readonly [path: string]: unknown },
  from: string,
  name: string,
): string {
  if (name === sdkName) return `${sdkName}/index.js`;
  // What is asked for by its path is asked for by us.
  if (!name.startsWith('.'))
    return Object.hasOwn(files, name) && from.startsWith('call:') ? name : `not-found:${name}`;
  const path = join(from, name);
  if (path.startsWith(`${sdkName}/`) && from.startsWith(`${sdkName}/`)) return path;
  const candidates = [path, `${path}.ts`, path.replace(/\.js$/, '.ts')];
  return candidates.find((each) => /\.ts$/.test(each) && Object.hasOwn(files, each)) ?? `not-found:${name}`;
}

export function nameOfSdkFile(path: string): string | undefined {
  return path.startsWith(`${sdkName}/`) ? path.slice(sdkName.length + 1) : undefined;
}

function join(from: string, name: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of name.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
