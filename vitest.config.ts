import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const config: ReturnType<typeof defineConfig> = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    // Not one fewer, as is usual: tests wait more than they compute. Nor more, since deadlines are real.
    maxWorkers: availableParallelism(),
    // Loading every module anew for each file costs as much CPU as the tests.
    isolate: false,
    // What hangs is found all the same, and a busy machine may take its time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A poll is for what is certain to come.
    expect: { poll: { interval: 10, timeout: 10_000 } },
    env: { FORCE_COLOR: '0' },
  },
});

export default config;
