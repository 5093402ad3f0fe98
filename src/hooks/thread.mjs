// Where the threads of desk code begin: a thread does not inherit how its process reads TypeScript.
import { existsSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

const source = new URL(`./${workerData.entry}.ts`, import.meta.url);

// As it is packed, there is JavaScript alone.
if (!existsSync(source)) await import(new URL(`./${workerData.entry}.js`, import.meta.url).href);
else if (Reflect.get(process.features, 'typescript')) await import(source.href);
else {
  const { tsImport } = await import('tsx/esm/api');
  await tsImport(source.href, import.meta.url);
}
