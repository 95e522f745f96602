/**
 * Sorts and spells the files of data/providers in the one way: `npm run data:format`. A file of which
 * something would be lost, since it has not the shape of the schema, stays as it is.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readShape } from './providers/checks/shape.ts';
import { formatProvider } from './providers/format.ts';
import { PROVIDERS_FOLDER, readOurTexts } from './providers/ours.ts';

for (const { file, text } of readOurTexts()) {
  const shape = readShape({ file, text });
  if (Array.isArray(shape)) {
    for (const line of shape) console.error(line);
    process.exitCode = 1;
    continue;
  }
  const formatted = formatProvider(shape);
  if (formatted === text) continue;
  writeFileSync(join(PROVIDERS_FOLDER, file), formatted);
  console.log(`data/providers/${file} formatted`);
}
