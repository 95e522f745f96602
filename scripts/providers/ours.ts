import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ProviderFile } from './format.ts';

export const PROVIDERS_FOLDER: string = fileURLToPath(
  new URL('../../data/providers/', import.meta.url),
);

export interface OurText {
  file: string;
  text: string;
}

export interface OurFile extends OurText {
  provider: ProviderFile;
}

/** Our own files as they stand there, by name. */
export function readOurTexts(folder: string = PROVIDERS_FOLDER): OurText[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => ({ file, text: readFileSync(`${folder}/${file}`, 'utf8') }));
}

/** Our own files, by name. `npm run data:check` proves their shape. */
export function readOurFiles(folder: string = PROVIDERS_FOLDER): OurFile[] {
  return readOurTexts(folder).map(({ file, text }) => ({
    file,
    text,
    provider: JSON.parse(text) as ProviderFile,
  }));
}
