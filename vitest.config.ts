import { defineConfig } from 'vitest/config';
import { buildThreads, startsBuiltThreads } from './test/built-threads.ts';

await buildThreads();

export default defineConfig({
  plugins: [startsBuiltThreads],
  test: {
    include: ['src/**/*.test.ts', 'sandbox/**/*.test.ts', 'test/**/*.test.ts'],
    // What takes a second here takes many where machines are shared; what hangs is still told.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Many tests start servers and Git processes: on two cores more workers than this only wait for each other.
    maxWorkers: 3,
    // Files share what they import: no test mocks a module or leaves something behind in one, and loading takes a tenth of all time.
    isolate: false,
    // What is transformed once is kept below node_modules, by its content.
    experimental: { fsModuleCache: true },
  },
});
