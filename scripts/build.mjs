// Builds dist/: the library with its types (tsc), the bundled command line (esbuild), and what it
// prints as completions for shells.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));

/** What it has to complain about is on stderr already. */
function node(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  return status === 0;
}

/** As each shell looks for them. */
const completions = { bash: 'smtp-find.bash', zsh: '_smtp-find', fish: 'smtp-find.fish' };

function completion(command, shell) {
  return execFileSync(process.execPath, [join(command, 'main.js'), '--completion', shell]);
}

// Made aside and put in place when all is well, so that a mistake leaves the last build to run.
const fresh = mkdtempSync(join(root, 'node_modules', '.smtp-find-'));
try {
  const ok =
    node(join(root, 'scripts', 'providers-compile.mjs')) &&
    node(
      join(typescript, 'bin', 'tsc'),
      ...['-p', 'tsconfig.build.json', '--outDir', join(fresh, 'lib')],
    );
  if (ok) {
    await bundle(join(fresh, 'cli'));
    mkdirSync(join(fresh, 'completions'));
    for (const [shell, file] of Object.entries(completions)) {
      writeFileSync(join(fresh, 'completions', file), completion(join(fresh, 'cli'), shell));
    }
    rmSync(dist, { recursive: true, force: true });
    chmodSync(fresh, 0o755); // mkdtemp keeps others out
    renameSync(fresh, dist);
  } else {
    process.exitCode = 1;
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
