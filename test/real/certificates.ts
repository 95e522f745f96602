/** Throw-away certificates, made with openssl: good ones, and one of each kind of bad. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InRoot } from './network.ts';

/** In the order of the servers' addresses. The bad ones go by the words of the program's report. */
export const kinds = [
  'good',
  'expired',
  'not-yet-valid',
  'name',
  'self-signed',
  'untrusted',
  'name-only-in-cn',
] as const;
export type Kind = (typeof kinds)[number];

const DIRECTORY = '/etc/certs';
const CONFIG = `
[ca]
default_ca = authority
[authority]
dir = ${DIRECTORY}/$ENV::AUTHORITY
database = $dir/index.txt
new_certs_dir = $dir/issued
certificate = $dir/ca.crt
private_key = ${DIRECTORY}/key.pem
rand_serial = yes
unique_subject = no
default_md = sha256
policy = anything
[anything]
commonName = supplied
[req]
distinguished_name = subject
prompt = no
[subject]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
`;

export class Certificates {
  readonly #root: string;
  readonly #run: InRoot;

  private constructor(root: string, run: InRoot) {
    this.#root = root;
    this.#run = run;
  }

  /** With the authorities: one to be trusted, one that is not, and one in between. */
  static async create(root: string, run: InRoot): Promise<Certificates> {
    const made = new Certificates(root, run);
    await mkdir(made.#path(), { recursive: true });
    await writeFile(made.#path('openssl.cnf'), CONFIG);
    // One key for all is enough here, and fast. RSA, since this OpenSMTPD can't sign with others.
    await run('openssl', 'genpkey', '-quiet', '-algorithm', 'RSA', '-out', `${DIRECTORY}/key.pem`);
    for (const authority of ['trusted', 'stranger', 'intermediate'] as const) {
      await mkdir(made.#path(authority, 'issued'), { recursive: true });
      await writeFile(made.#path(authority, 'index.txt'), '');
      if (authority !== 'intermediate')
        await made.#selfSigned(`${authority}/ca`, authority, 'root');
    }
    await made.#sign('intermediate/ca', 'intermediate', 'trusted', CA);
    return made;
  }

  /** Of the authority that the program is told to trust; outside the root. */
  get cacert(): string {
    return this.#path('trusted', 'ca.crt');
  }

  /** Leaves NAME.crt, NAME.key, and NAME.pem, which holds the key and the chain. */
  async issue(name: string, kind: Kind, hosts: readonly string[]): Promise<void> {
    const [first = ''] = kind === 'name' ? ['elsewhere.example'] : hosts;
    const names = kind === 'name' ? [first] : hosts;
    const san = `subjectAltName = ${names.map((host) => `DNS:${host}`).join(', ')}`;
    switch (kind) {
      case 'good':
      case 'name':
        await this.#sign(name, first, 'trusted', san);
        break;
      case 'expired':
        await this.#sign(name, first, 'trusted', san, ['20240101000000Z', '20250101000000Z']);
        break;
      case 'not-yet-valid':
        await this.#sign(name, first, 'trusted', san, ['20900101000000Z', '20910101000000Z']);
        break;
      case 'untrusted':
        await this.#sign(name, first, 'stranger', san);
        break;
      case 'name-only-in-cn':
        await this.#sign(name, first, 'trusted', 'keyUsage = digitalSignature');
        break;
      case 'self-signed':
        await this.#selfSigned(name, first, null, san);
        break;
    }
    await this.#bundle(name);
  }

  /** Signed by the authority in between, which the server sends along, or forgets. */
  async issueByIntermediate(name: string, host: string, sent: boolean): Promise<void> {
    await this.#sign(name, host, 'intermediate', `subjectAltName = DNS:${host}`);
    await this.#bundle(name, sent ? ['intermediate/ca.crt'] : []);
  }

  async #bundle(name: string, chain: readonly string[] = []): Promise<void> {
    const key = await readFile(this.#path('key.pem'), 'utf8');
    const parts = [`${name}.crt`, ...chain].map((file) => readFile(this.#path(file), 'utf8'));
    // Programs that run under users of their own read this one.
    await writeFile(this.#path(`${name}.pem`), [key, ...(await Promise.all(parts))].join(''));
    await writeFile(this.#path(`${name}.key`), key, { mode: 0o600 });
  }

  async #sign(
    name: string,
    commonName: string,
    authority: string,
    extensions: string,
    [from, to]: readonly [string, string] | readonly [] = [],
  ): Promise<void> {
    const file = `${DIRECTORY}/${name}`;
    await writeFile(this.#path(`${name}.ext`), `${extensions}\n`);
    await this.#openssl(
      authority,
      'req',
      '-new',
      ...KEY,
      ...subject(commonName),
      '-out',
      `${file}.csr`,
    );
    const dates = from && to ? ['-startdate', from, '-enddate', to] : ['-days', '30'];
    const to_ = ['-in', `${file}.csr`, '-extfile', `${file}.ext`, '-out', `${file}.crt`];
    await this.#openssl(authority, 'ca', '-batch', '-notext', ...dates, ...to_);
  }

  async #selfSigned(
    name: string,
    commonName: string,
    section: string | null,
    extension?: string,
  ): Promise<void> {
    const extensions = section ? ['-extensions', section] : [];
    const added = extension ? ['-addext', extension.replace(' = ', '=')] : [];
    const out = [...subject(commonName), '-days', '30', '-out', `${DIRECTORY}/${name}.crt`];
    await this.#openssl('none', 'req', '-x509', ...KEY, ...extensions, ...added, ...out);
  }

  async #openssl(authority: string, command: string, ...args: readonly string[]): Promise<void> {
    const config = ['-config', `${DIRECTORY}/openssl.cnf`];
    await this.#run('env', `AUTHORITY=${authority}`, 'openssl', command, ...config, ...args);
  }

  #path(...parts: readonly string[]): string {
    return join(this.#root, DIRECTORY, ...parts);
  }
}

const KEY = ['-key', `${DIRECTORY}/key.pem`] as const;
const CA = 'basicConstraints = critical, CA:TRUE\nsubjectKeyIdentifier = hash';

function subject(commonName: string): readonly string[] {
  return ['-subj', `/CN=${commonName}`];
}
