// Where the thread begins that reads the flows of pull requests: a thread does not inherit how its process reads TypeScript.
const worker = new URL('./judge-worker.ts', import.meta.url).href;

if (Reflect.get(process.features, 'typescript')) await import(worker);
else {
  const { tsImport } = await import('tsx/esm/api');
  await tsImport(worker, import.meta.url);
}
