/** Which program shows of which format that it is right: docs/formats.md has them as a table. */
import { readFile } from 'node:fs/promises';
import { mailersRoot } from '../packages.ts';
import { attempt } from '../shell.ts';
import { frameworks } from './frameworks.ts';
import { mailers } from './mailers.ts';
import type { Program, Proof } from './program.ts';
import { programs } from './programs.ts';
import { readers } from './readers.ts';

export interface Row {
  readonly format: string;
  readonly program: string;
  readonly how: string;
}

export const postfix: Proof = {
  format: 'postfix',
  name: 'Postfix',
  version: '3.7',
  package: 'postfix',
};

/** Elsewhere: by what every machine has, or by our own reader. */
const others: readonly Row[] = [
  { format: 'env', program: 'sh, Node, Docker’s and dotenv’s rules', how: 'read back' },
  { format: 'autoconfig', program: 'smtp-find’s own source', how: 'read back' },
];

function row({ format, name, version }: Proof, how: string): Row {
  return { format, program: `${name} ${version}`, how };
}

function howOf({ sends, checksIssuer, checksNames, requiresTls, encryptions }: Program): string {
  return [
    sends ? 'signs in and sends' : 'signs in',
    ...(checksIssuer === false ? ['checks no certificate'] : []),
    ...(checksNames === false ? ['checks no name in the certificate'] : []),
    ...(requiresTls === false ? ['does not insist on STARTTLS yet'] : []),
    ...(encryptions === undefined ? [] : ['signs in over TLS only']),
  ].join('; ');
}

/** In no particular order. */
export const rows: readonly Row[] = [
  ...[...programs, ...mailers, ...frameworks].map((program) => row(program, howOf(program))),
  row(postfix, 'signs in and sends'),
  ...readers.map((reader) => row(reader, 'reads it back')),
  ...others,
];

/** @returns a complaint where another version was tried than the table names */
export async function versionComplaints(proof: Proof): Promise<string[]> {
  const found = await versionOf(proof);
  return found === null || found.startsWith(proof.version) ? [] : [`it is version ${found}`];
}

/** Null where the machine is no Debian 12, with programs of other versions. */
async function versionOf({ package: name, format }: Proof): Promise<string | null> {
  if (name === null) {
    const { default: manifest } = (await import('nodemailer/package.json' as string, {
      with: { type: 'json' },
    })) as { default: { version: string } };
    return manifest.version;
  }
  if ([...mailers, ...frameworks, ...readers].some((proof) => proof.format === format)) {
    const listing = await readFile(`${await mailersRoot(console.log)}/packages`, 'utf8');
    return upstream(
      listing
        .split('\n')
        .find((deb) => deb.startsWith(`${name}_`))
        ?.split('_')[1],
    );
  }
  if (!(await readFile('/etc/os-release', 'utf8')).includes('bookworm')) return null;
  const show = ['--no-all-versions', 'show', name];
  const { stdout } = await attempt('apt-cache', show);
  return upstream(/^Version: (.*)$/m.exec(stdout)?.[1]);
}

/** Without its epoch. */
function upstream(version = ''): string {
  return decodeURIComponent(version).replace(/^\d+:/, '');
}
