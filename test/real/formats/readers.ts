/** Formats that configure no client: read back by what reads them, and compared with what went in. */
import type { Report } from '../../../src/report/report.ts';
import { runInRoot } from './mailers-root.ts';
import { type Proof, render } from './program.ts';

export interface Reader extends Proof {
  /** Where what the format writes goes. */
  readonly path: string;
  /** What else has to be there. */
  readonly files?: Readonly<Record<string, string>>;
  readonly script: string;
  readonly values: (stdout: string) => unknown;
  readonly expected: (report: Report) => unknown;
}

/** What is in the environment of a program that sends mail. */
function variables({ settings, email }: Report): Readonly<Record<string, string>> {
  return {
    SMTP_HOST: settings?.host ?? '',
    SMTP_PORT: String(settings?.port),
    SMTP_ENCRYPTION: settings?.encryption ?? '',
    SMTP_SECURE: String(settings?.encryption === 'tls'),
    SMTP_REQUIRE_TLS: String(settings?.encryption !== 'none'),
    SMTP_USER: settings?.username ?? '',
    SMTP_FROM: email ?? '',
  };
}

const k8s: Reader = {
  format: 'k8s',
  name: 'kubectl',
  version: '1.32',
  package: 'kubectl',
  path: '/tmp/secret.yaml',
  script: 'kubectl label --local -f /tmp/secret.yaml a=b -o json',
  values: (stdout) => (JSON.parse(stdout) as { readonly stringData: unknown }).stringData,
  expected: (report) => ({ ...variables(report), SMTP_PASSWORD: 'YOUR-PASSWORD' }),
};

const ENCRYPTED = '/etc/credstore.encrypted/smtp-password';

const systemd: Reader = {
  format: 'systemd',
  name: 'systemd',
  version: '257',
  package: 'systemd',
  path: '/etc/systemd/system/a-service.service.d/smtp.conf',
  files: { '/etc/systemd/system/a-service.service': '[Service]\nExecStart=/usr/bin/env\n' },
  // A host's own key may not lie in memory, where all of this does.
  script: `
    mkdir -p -m 700 /etc/credstore.encrypted /var/lib/systemd
    printf 'the secret' | systemd-creds encrypt --with-key=null --name=smtp-password - ${ENCRYPTED}
    test "$(systemd-creds decrypt --allow-null --name=smtp-password ${ENCRYPTED} -)" = 'the secret'
    systemd-analyze verify a-service.service >&2
    install -d -o nobody /run/systemd
    setpriv --reuid=65534 --regid=65534 --clear-groups /usr/lib/systemd/systemd --test --system \\
      --unit=a-service.service --log-target=console >/tmp/units 2>/tmp/log || { cat /tmp/log; false; }
    grep -E 'Environment: SMTP_' /tmp/units
  `,
  values: (stdout) =>
    Object.fromEntries(
      [...stdout.matchAll(/^\s*Environment: ([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [
        name,
        value,
      ]),
    ),
  expected: (report) => ({
    ...variables(report),
    SMTP_PASSWORD_FILE: '/run/credentials/a-service.service/smtp-password',
  }),
};

const himalaya: Reader = {
  format: 'himalaya',
  name: 'tomllib of Python',
  version: '3.13',
  package: 'python3',
  path: '/tmp/config.toml',
  script: `python3 -c "import json, tomllib; print(json.dumps(tomllib.load(open('/tmp/config.toml', 'rb'))))"`,
  values: (stdout) => JSON.parse(stdout),
  expected: ({ settings, email }) => {
    const encryption = settings?.encryption === 'starttls' ? 'start-tls' : settings?.encryption;
    const backend = {
      type: 'smtp',
      host: settings?.host,
      port: settings?.port,
      encryption: { type: encryption },
      login: settings?.username,
      auth: { type: 'password', cmd: 'YOUR-PASSWORD-COMMAND' },
    };
    return { accounts: { 'example.com': { email, message: { send: { backend } } } } };
  },
};

export const readers: readonly Reader[] = [himalaya, systemd, k8s];

/** @returns complaints */
export async function readBack(
  { files, path, format, script, values, expected }: Reader,
  report: Report,
  directory: string,
  cacert: string,
): Promise<string[]> {
  const all = { ...files, [path]: render(format, report) };
  const { code, stdout, stderr } = await runInRoot(directory, all, script, { cacert });
  if (code !== 0) return [`ended with ${code}: ${`${stdout}\n${stderr}`.trim().slice(-2000)}`];
  const [found, wanted] = [sorted(values(stdout)), sorted(expected(report))];
  return found === wanted ? [] : [`read ${found} where ${wanted} went in`];
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
