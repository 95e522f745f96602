import { defineConfig } from 'vitest/config';

const config: ReturnType<typeof defineConfig> = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    testTimeout: 20_000,
    // Flows have deadlines of their own, which a loaded CI machine may miss once.
    retry: process.env.CI ? 1 : 0,
    env: { FORCE_COLOR: '0' },
  },
});

export default config;
