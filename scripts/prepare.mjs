// Builds after `npm ci` in a checkout. With --omit=dev there is nothing to build with, and an
// install must not fail for that.
import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);

function installed(name) {
  try {
    resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}

if (installed('esbuild') && installed('typescript')) await import('./build.mjs');
else console.log('smtp-find: not built, since the development dependencies are not installed');
