import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ProviderFile } from './format.ts';

export const PROVIDERS_FOLDER: string = fileURLToPath(
  new URL('../../data/providers/', import.meta.url),
);

export interface OurFile {
  file: string;
  text: string;
  provider: ProviderFile;
}

/** Our own files, by name. The tests prove their shape against the schema. */
export function readOurFiles(folder: string = PROVIDERS_FOLDER): OurFile[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => {
    const text = readFileSync(`${folder}/${file}`, 'utf8');
    return { file, text, provider: JSON.parse(text) as ProviderFile };
  });
}
