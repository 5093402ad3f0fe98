import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'sandbox/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 20_000,
    // Many tests start servers and Git processes: on two cores more workers than this only wait for each other.
    maxWorkers: 3,
  },
});
