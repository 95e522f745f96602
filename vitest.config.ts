import { defineConfig } from 'vitest/config';

const config: ReturnType<typeof defineConfig> = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    testTimeout: 20_000,
    // A poll is for what is certain to come; how soon depends on the machine.
    expect: { poll: { interval: 10, timeout: 10_000 } },
    env: { FORCE_COLOR: '0' },
  },
});

export default config;
