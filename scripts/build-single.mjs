// Builds build/smtp-find: the command line and Node in one file, for Linux without Node. It holds the
// Node that runs this script, so that it runs on the same system and processor.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleSingle } from './bundle.mjs';

if (process.platform !== 'linux') throw new Error('build:single is for Linux');

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'build');
const postject = createRequire(import.meta.url).resolve('postject/dist/cli.js');
const result = join(folder, 'smtp-find');
/** What Node looks for in itself; postject flips the digit behind it. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

mkdirSync(folder, { recursive: true });
const scratch = mkdtempSync(join(folder, '.single-'));
try {
  const main = join(scratch, 'main.cjs');
  const licenses = await bundleSingle(main);
  const node = join(scratch, 'node');
  copyFileSync(process.execPath, node);
  // An eighth and more of Node is symbols for debuggers. Without binutils they stay.
  spawnSync('strip', [node], { stdio: 'ignore' });
  makeExecutable(main, node);
  writeFileSync(join(folder, 'LICENSES.txt'), `${licenses}\n${ownLicense()}`);
  console.log(`${result}: ${Math.round(statSync(result).size / 1e6)} MB, Node ${process.version}`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Newer releases of Node do it themselves. */
function makeExecutable(main, node) {
  const config = join(scratch, 'sea.json');
  const configure = (more) =>
    writeFileSync(
      config,
      // The code cache is compiled here, with this very Node: it starts a fifth sooner.
      JSON.stringify({ main, disableExperimentalSEAWarning: true, useCodeCache: true, ...more }),
    );
  if (execFileSync(process.execPath, ['--help'], { encoding: 'utf8' }).includes('--build-sea')) {
    configure({ executable: node, output: result });
    run('--build-sea', config);
  } else {
    const blob = join(scratch, 'blob');
    configure({ output: blob });
    run('--experimental-sea-config', config);
    run(postject, node, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', FUSE);
    copyFileSync(node, result);
  }
}

/** What both programs tell as they go is of interest only when they fail. */
function run(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')} failed:\n${stdout}${stderr}`);
}

function ownLicense() {
  return `== smtp-find (MIT)\n\n${readFileSync(join(root, 'LICENSE'), 'utf8')}
== Node.js ${process.version}: https://github.com/nodejs/node/blob/${process.version}/LICENSE\n`;
}
