/** What the checks of the database are made of. A finding is a line: which file, what, the remedy. */
import type { ProviderFile } from '../format.ts';

/** Looks at all provider files, whose shape is known to be right. */
export type Check = (providers: readonly ProviderFile[]) => string[];

/** By what holds where there is nothing to find. */
export type Checks = Readonly<Record<string, Check>>;

/** A finding about a file in data/providers, or about any by its path. */
export function inFile(file: string, finding: string): string {
  return `${file.includes('/') ? file : `data/providers/${file}`}: ${finding}`;
}

/** A check that needs to see one provider at a time. */
export function ofEach(find: (provider: ProviderFile) => readonly string[]): Check {
  return (providers) =>
    providers.flatMap((p) => find(p).map((finding) => inFile(`${p.id}.json`, finding)));
}

/** A check that no two providers have one of the values; the later one is told of the earlier. */
export function ofShared(
  valuesOf: (provider: ProviderFile) => Iterable<string>,
  find: (value: string, other: string) => string,
): Check {
  return (providers) => {
    const owners = new Map<string, string>();
    return ofEach((p) =>
      [...valuesOf(p)].flatMap((value) => {
        const other = owners.get(value);
        owners.set(value, p.id);
        return other === undefined ? [] : [find(value, `${other}.json`)];
      }),
    )(providers);
  };
}

/** `finding`, if it is so. */
export function when(isSo: boolean, finding: string): string[] {
  return isSo ? [finding] : [];
}

/** The server's name in `facts`, and in findings. */
export function endpointOf({ host, port }: ProviderFile['servers'][number]): string {
  return `${host}:${port}`;
}
