/** Formats given to the mailers and mail programs they are for, as Debian packages them. */
import type { Report } from '../../../src/report/report.ts';
import { type InRoot, inRoot, LOGIN_OR_PLAIN } from './in-root.ts';
import { PASSWORD, TOKEN } from './mailbox.ts';
import { type Program, RECIPIENT, SENDER } from './program.ts';

/** What a format puts in comments for another file. */
function otherFile(text: string, path: string): string {
  const lines = text.split('\n');
  const heading = lines.findIndex((line) => line.startsWith(`# In ${path}`));
  const rest = lines.slice(heading + 1);
  const end = rest.findIndex((line) => !line.startsWith('# ') || line.startsWith('# In /'));
  const own = heading < 0 ? [] : rest.slice(0, end < 0 ? rest.length : end);
  return own.map((line) => `${line.slice(2)}\n`).join('');
}

const withPassword = (text: string): string => text.replace('YOUR-PASSWORD', () => PASSWORD);

const exim: InRoot = {
  format: 'exim',
  name: 'Exim',
  version: '4.98',
  package: 'exim4-daemon-light',
  auth: [...LOGIN_OR_PLAIN, ['CRAM-MD5', 'PLAIN']],
  files: (text) => ({
    '/etc/exim4/update-exim4.conf.conf': text,
    '/etc/exim4/exim4.conf.localmacros': otherFile(text, '/etc/exim4/exim4.conf.localmacros'),
    '/etc/exim4/passwd.client': withPassword(otherFile(text, '/etc/exim4/passwd.client')),
  }),
  script: `
    install -d -o Debian-exim -g Debian-exim /var/lib/exim4 /var/log/exim4 /var/spool/exim4
    # The relay is on this very machine, for once.
    sed -i 's/route_list = . DCsmarthost byname/&\\n  self = send/' /etc/exim4/exim4.conf.template
    chown root:Debian-exim /etc/exim4/passwd.client
    chmod 640 /etc/exim4/passwd.client
    update-exim4.conf
    exim4 -odi -f ${SENDER} ${RECIPIENT} </tmp/message
    cat /var/log/exim4/*
    grep -q ' => ${RECIPIENT} .* A=' /var/log/exim4/mainlog
  `,
};

const opensmtpd: InRoot = {
  format: 'opensmtpd',
  name: 'OpenSMTPD',
  version: '7.6',
  package: 'opensmtpd',
  auth: LOGIN_OR_PLAIN,
  // It signs in over TLS only.
  encryptions: ['tls', 'starttls'],
  refuses: /[ #]/,
  files: (text) => ({
    '/etc/smtpd.conf': `listen on socket\n${text}`,
    '/etc/mail/secrets': withPassword(otherFile(text, '/etc/mail/secrets')),
  }),
  script: `
    install -d -m 711 /var/spool/smtpd /var/lib/opensmtpd /var/lib/opensmtpd/empty
    install -d -m 770 -g opensmtpq /var/spool/smtpd/offline
    chown root:opensmtpd /etc/mail/secrets
    chmod 640 /etc/mail/secrets
    smtpd -n
    smtpd -d >/tmp/log 2>&1 &
    # As the package installs it.
    install -m 2755 -g opensmtpq /usr/sbin/smtpctl /tmp/sendmail
    while ! test -S /run/smtpd.sock; do sleep 0.05; done
    /tmp/sendmail -f somebody@client.example.com ${RECIPIENT} </tmp/message
    # Where it was refused, it says so long before it gives up.
    while ! grep -qE 'mta delivery|Disabling route .* 127\\.' /tmp/log; do sleep 0.05; done
    cat /tmp/log
    grep -q 'mta delivery .* result="*Ok' /tmp/log
  `,
};

const nullmailer: InRoot = {
  format: 'nullmailer',
  name: 'nullmailer',
  version: '2.2',
  package: 'nullmailer',
  auth: LOGIN_OR_PLAIN,
  files: (text) => ({
    // With a space in it, the password takes quotes.
    '/etc/nullmailer/remotes': text.replace('YOUR-PASSWORD', () => `'${PASSWORD}'`),
    '/etc/nullmailer/allmailfrom': otherFile(text, '/etc/nullmailer/allmailfrom'),
    // Once, and then it ends.
    '/etc/nullmailer/pausetime': '0\n',
  }),
  script: `
    cd /var/spool
    mkdir -p nullmailer/queue nullmailer/tmp nullmailer/failed
    mkfifo nullmailer/trigger
    chown -R mail:mail nullmailer
    nullmailer-inject -f somebody@client.example.com ${RECIPIENT} </tmp/message
    nullmailer-send 2>&1 | tee /tmp/log
    grep -q 'Sent file' /tmp/log
  `,
};

const dma: InRoot = {
  format: 'dma',
  name: 'dma',
  version: '0.13',
  package: 'dma',
  auth: [['LOGIN'], ['CRAM-MD5', 'PLAIN']],
  checksIssuer: false,
  files: (text) => ({
    '/etc/dma/dma.conf': text,
    '/etc/dma/auth.conf': withPassword(otherFile(text, '/etc/dma/auth.conf')),
  }),
  script: `
    install -d -m 2775 -g mail /var/spool/dma
    # It would try again for days.
    timeout 3 dma -D ${RECIPIENT} </tmp/message
  `,
};

const sNail: InRoot = {
  format: 's-nail',
  name: 'S-nail',
  version: '14.9',
  package: 's-nail',
  auth: [...LOGIN_OR_PLAIN, ['CRAM-MD5', 'PLAIN']],
  files: (text) => ({
    '/tmp/.mailrc': withPassword(text.replace('# set password', 'set password')),
  }),
  script: `s-nail -n -s 'a test' ${RECIPIENT} </tmp/message`,
};

const aerc: InRoot = {
  format: 'aerc',
  name: 'aerc',
  version: '0.20',
  package: 'aerc',
  auth: [...LOGIN_OR_PLAIN, ['XOAUTH2']],
  files: (text, report) => ({
    '/tmp/.config/aerc/accounts.conf': text
      .replace('YOUR-PASSWORD-COMMAND', () => `printf '%s' '${secretFor(report)}'`)
      .replace('# source = YOUR-SOURCE', 'source = maildir:///tmp/mail'),
    '/tmp/type.py': AERC,
  }),
  script: `
    chmod 600 /tmp/.config/aerc/accounts.conf
    mkdir -p /tmp/mail/INBOX/cur /tmp/mail/INBOX/new /tmp/mail/INBOX/tmp
    EDITOR=true TERM=xterm python3 /tmp/type.py
  `,
};

/** Sends as somebody at the keyboard would: y, once the message is shown. */
const AERC = `
import os, pty, re, sys, time
pid, terminal = pty.fork()
if pid == 0:
    os.execvp('aerc', ['aerc', ':compose', '-s', '-H', 'To: ${RECIPIENT}', '-H', 'Subject: test'])
import fcntl, select, struct, termios
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 30, 100, 0, 0))
# What a terminal says of itself when it is asked: else aerc waits for it.
os.write(terminal, b'\\x1b[?62c')
shown, typed, end = '', False, time.time() + 5
while time.time() < end:
    if select.select([terminal], [], [], 0.1)[0]:
        try:
            shown += os.read(terminal, 65536).decode('utf-8', 'replace')
        except OSError:
            break
    if not typed and 'Send this email' in shown:
        typed, shown = True, ''
        os.write(terminal, b'y')
    if typed and re.search('ssage sent|send:', shown): break
print(shown[-1000:])
os.kill(pid, 9)
sys.exit(0 if 'ssage sent' in shown else 1)
`;

function secretFor(report: Report): string {
  return report.settings?.auth.includes('XOAUTH2') ? TOKEN : PASSWORD;
}

export const mailers: readonly Program[] = [exim, opensmtpd, nullmailer, dma, sNail, aerc].map(
  inRoot,
);
