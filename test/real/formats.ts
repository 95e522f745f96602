/**
 * `npm run test:formats`: what `--format` writes, used by the programs it is for, to sign in to
 * servers on loopback and to send a message; and kept from doing so where somebody tampers with TLS.
 * On Debian, as root, missing programs are installed; elsewhere what is missing is skipped, which in
 * CI counts as a failure.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Encryption } from '../../src/model/endpoint.ts';
import { YOUR_USER_NAME } from '../../src/render/formats/account.ts';
import type { Report, Settings } from '../../src/report/report.ts';
import { type CertificateChoice, labAuthorityPem } from '../lab/certificate-choice.ts';
import { createAuthority } from '../lab/certificates.ts';
import { verified } from '../render/samples.ts';
import { frameworks } from './formats/frameworks.ts';
import { type Mailbox, startMailbox } from './formats/mailbox.ts';
import { mailers } from './formats/mailers.ts';
import { whyNoRoot } from './formats/mailers-root.ts';
import { relayThroughPostfix } from './formats/postfix.ts';
import { type Program, type Proof, SENDER } from './formats/program.ts';
import { emptyDirectory, programs } from './formats/programs.ts';
import { postfix, versionComplaints } from './formats/proofs.ts';
import { type Reader, readBack, readers } from './formats/readers.ts';
import { Results } from './results.ts';
import { firstMissing, installPackages } from './wanted-programs.ts';

const PACKAGES = [
  ...['msmtp', 'neomutt', 'swaks', 'libnet-ssleay-perl', 'python3', 'curl'],
  ...['git-email', 'libauthen-sasl-perl', 'libmailtools-perl', 'libio-socket-ssl-perl'],
];
/** What a user name may hold, and what a shell or a configuration file would make of it. */
const USERS = [SENDER, "o'brien+x@example.com", '"a b$HOME #;`id`"@example.com'];
/** More of that, for what need not be a name that a server would take. */
const HARD_TO_QUOTE = ['%h\\n%%\\', '- x: {y}', "'''", '"""', 'é語😀', '#', '=', '~', '$(id)'];
const ENCRYPTIONS: readonly Encryption[] = ['tls', 'starttls', 'none'];

/** Uses a format. What it returns are complaints. */
type Use = (report: Report, mailbox: Mailbox, cacert: string) => Promise<string[]>;

const results = new Results();
let trials = 0;
const why = await whyNoRoot();
const scratch = await mkdtemp(join(tmpdir(), 'smtp-find-formats-'));
try {
  await installPackages(PACKAGES);
  const cacert = join(scratch, 'ca.pem');
  await writeFile(cacert, await labAuthorityPem());
  const stranger = join(scratch, 'stranger.pem');
  await writeFile(stranger, (await createAuthority('Somebody else')).caPem);
  for (const program of programs) {
    await announce(program);
    const missing = await firstMissing(program.commands);
    if (missing === null) await tryAll(program, useOf(program), cacert, stranger);
    else results.skip(program.name, `${missing} is missing`);
  }
  for (const mailer of [...mailers, ...frameworks]) {
    await announce(mailer);
    if (why === null) await tryAll(mailer, useOf(mailer), cacert, stranger);
    else results.skip(mailer.name, why);
  }
  await announce(postfix);
  const auth = [['PLAIN'], ['LOGIN'], ['CRAM-MD5', 'PLAIN']];
  const use: Use = async (report, mailbox, ca) =>
    await relayThroughPostfix(report, mailbox, await directory(), ca);
  if (why === null) await tryAll({ auth, sends: true }, use, cacert, stranger);
  else results.skip('Postfix', why);
  for (const reader of readers) {
    await announce(reader);
    if (why !== null) results.skip(reader.name, why);
    else await readAll(reader, cacert);
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
results.conclude();

async function announce(proof: Proof): Promise<void> {
  results.heading(`${proof.format}: ${proof.name} ${proof.version}`);
  if (why === null) results.add('has that version', await versionComplaints(proof));
}

async function tryAll(
  program: Omit<Program, keyof Proof | 'commands' | 'use'>,
  use: Use,
  cacert: string,
  stranger: string,
): Promise<void> {
  const { auth: mechanisms, sends, encryptions = ENCRYPTIONS } = program;
  const { checksNames = true, checksIssuer = true, requiresTls = true } = program;
  for (const encryption of encryptions) {
    for (const auth of mechanisms) {
      const offered = auth.length === 0 ? ['PLAIN', 'LOGIN'] : auth;
      const mailbox = await startMailbox({ encryption, auth: offered });
      // Names that need quoting are tried once for each encryption.
      for (const username of auth === mechanisms[0] ? USERS : [SENDER]) {
        const settings = { port: mailbox.port, encryption, auth, username };
        const complaints = await use(reportFor(settings), mailbox, cacert);
        const login = mailbox.logins.splice(0).at(-1);
        const expected = program.refuses?.test(username) ? YOUR_USER_NAME : username;
        if (login?.username !== expected) {
          complaints.push(`signed in as ${login?.username ?? 'nobody'}`);
        }
        if (login && login.overTls !== (encryption !== 'none')) complaints.push('wrong encryption');
        const senders = mailbox.senders.splice(0).join();
        if (sends && senders !== SENDER) complaints.push(`sent as ${senders || 'nobody'}`);
        results.add(`${encryption}, ${auth.join('/') || 'unstated'}, ${username}`, complaints);
      }
      await mailbox.stop();
    }
  }
  if (requiresTls) {
    const stripped = { cacert, trouble: 'STARTTLS taken away', really: 'none' as const };
    await expectRefusal(use, { ...stripped, encryption: 'starttls' });
  }
  if (!checksIssuer) return;
  const untrusted = { cacert: stranger, trouble: 'a certificate that nobody trusts' };
  await expectRefusal(use, { ...untrusted, encryption: 'tls' });
  await expectRefusal(use, { ...untrusted, encryption: 'starttls' });
  if (!checksNames) return;
  const certificate = 'wrong-name';
  const misnamed = { cacert, trouble: 'a certificate for another name', certificate } as const;
  await expectRefusal(use, { ...misnamed, encryption: 'tls' });
  await expectRefusal(use, { ...misnamed, encryption: 'starttls' });
}

async function readAll(reader: Reader, cacert: string): Promise<void> {
  const trials = [
    ...ENCRYPTIONS.map((encryption) => ({ encryption, username: SENDER })),
    ...[...USERS.slice(1), ...HARD_TO_QUOTE].map((username) => ({ username })),
  ];
  for (const settings of trials) {
    const complaints = await readBack(reader, reportFor(settings), await directory(), cacert);
    results.add(Object.values(settings).join(', '), complaints);
  }
}

interface Trouble {
  readonly encryption: Encryption;
  readonly trouble: string;
  readonly cacert: string;
  /** What the server does, where that is something else. */
  readonly really?: Encryption;
  readonly certificate?: CertificateChoice;
}

/** The password must not leave. */
async function expectRefusal(
  use: Use,
  { encryption, trouble, cacert, really = encryption, certificate = 'good' }: Trouble,
): Promise<void> {
  const auth = ['PLAIN'];
  const mailbox = await startMailbox({ encryption: really, auth, certificate });
  const complaints = await use(
    reportFor({ port: mailbox.port, encryption, auth }),
    mailbox,
    cacert,
  );
  await mailbox.stop();
  const failure = complaints.length > 0 ? [] : ['it did not complain'];
  results.add(`${encryption}, with ${trouble}: refuses`, [
    ...failure,
    ...mailbox.logins.map(({ username }) => `signed in as ${username}`),
  ]);
}

function useOf(program: Program): Use {
  return async (report, _mailbox, cacert) => {
    const home = await directory();
    const env = { PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8' };
    try {
      const { code, stdout, stderr } = await program.use({ report, directory: home, cacert, env });
      return code === 0
        ? []
        : [`ended with ${code}: ${`${stdout}\n${stderr}`.trim().slice(-2000)}`];
    } catch (error) {
      return [error instanceof Error ? error.message : 'failed'];
    }
  };
}

function directory(): Promise<string> {
  return emptyDirectory(scratch, String(++trials));
}

function reportFor(settings: Partial<Settings>): Report {
  return { ...verified, settings: { ...verified.settings, host: 'localhost', ...settings } };
}
