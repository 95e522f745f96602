/** Formats given to the mailers and frameworks they are for, as Debian packages them. */
import type { Report } from '../../../src/report/report.ts';
import type { Output } from '../shell.ts';
import { PASSWORD, TOKEN } from './mailbox.ts';
import { type Files, runInRoot } from './mailers-root.ts';
import { type Program, RECIPIENT, render, SENDER, type Trial } from './program.ts';

/** A program in that root: where what the format writes goes, and what is run then. */
interface Mailer extends Omit<Program, 'commands' | 'use' | 'sends'> {
  readonly files: (text: string, report: Report) => Files;
  /** For sh. Fails unless the message was sent. */
  readonly script: string;
}

const LOGIN_OR_PLAIN = [['PLAIN'], ['LOGIN']];

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

const exim: Mailer = {
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

const opensmtpd: Mailer = {
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

const nullmailer: Mailer = {
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

const dma: Mailer = {
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

const sNail: Mailer = {
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

const django: Mailer = {
  format: 'django',
  name: 'Django',
  version: '4.2',
  package: 'python3-django',
  auth: LOGIN_OR_PLAIN,
  files: (text) => ({
    '/tmp/settings.py': text,
    '/tmp/send.py': `from django.core.mail import send_mail\nsend_mail('a test', 'Hello.', None, ['${RECIPIENT}'])\n`,
  }),
  script: `DJANGO_SETTINGS_MODULE=settings python3 /tmp/send.py`,
};

const rails: Mailer = {
  format: 'rails',
  name: 'Action Mailer',
  version: '7.2',
  package: 'ruby-actionmailer',
  auth: [['PLAIN'], ['CRAM-MD5'], ['XOAUTH2']],
  files: (text) => ({
    '/tmp/production.rb': text,
    '/tmp/send.rb': `
      require 'action_mailer'
      require 'active_support/ordered_options'
      # As the initializer of Action Mailer passes them on.
      options = ActiveSupport::OrderedOptions.new
      config = Struct.new(:action_mailer).new(options)
      eval(File.read('/tmp/production.rb'), binding)
      options.each { |name, value| ActionMailer::Base.public_send("#{name}=", value) }
      class Letter < ActionMailer::Base
        def hello = mail(to: '${RECIPIENT}', subject: 'a test', body: 'Hello.')
      end
      Letter.hello.deliver_now
    `,
  }),
  script: `ruby -W0 /tmp/send.rb`,
};

const PHP = 'php8.4 -d extension=mbstring -d extension=ctype -d extension=iconv -d extension=intl';

const symfony: Mailer = {
  format: 'symfony',
  name: 'Symfony Mailer',
  version: '6.4',
  package: 'php-symfony-mailer',
  auth: [...LOGIN_OR_PLAIN, ['XOAUTH2']],
  // From 7.3 on.
  requiresTls: false,
  files: (text, report) => ({
    '/tmp/.env.local': text
      .replace('YOUR-PASSWORD', encodeURIComponent(PASSWORD))
      .replace('YOUR-ACCESS-TOKEN', encodeURIComponent(TOKEN)),
    '/tmp/send.php': `<?php
      require '/usr/share/php/Symfony/Component/Dotenv/autoload.php';
      require '/usr/share/php/Symfony/Component/Mailer/autoload.php';
      (new Symfony\\Component\\Dotenv\\Dotenv())->load('/tmp/.env.local');
      $message = (new Symfony\\Component\\Mime\\Email())
        ->from('${report.email}')->to('${RECIPIENT}')->subject('a test')->text('Hello.');
      Symfony\\Component\\Mailer\\Transport::fromDsn($_ENV['MAILER_DSN'])->send($message);
    `,
  }),
  script: `${PHP} /tmp/send.php`,
};

const laravel: Mailer = {
  format: 'laravel',
  name: 'Laravel',
  version: '10.48',
  package: 'php-illuminate-mail',
  refuses: /[$\\]/,
  auth: [...LOGIN_OR_PLAIN, ['XOAUTH2']],
  // As Symfony Mailer does it.
  requiresTls: false,
  files: (text) => ({
    '/tmp/.env': text
      .replace('YOUR-PASSWORD', () => `'${PASSWORD}'`)
      .replace('YOUR-ACCESS-TOKEN', () => TOKEN),
    '/tmp/send.php': `<?php
      require '/usr/share/php/Dotenv/autoload.php';
      require '/usr/share/php/Illuminate/Container/autoload.php';
      require '/usr/share/php/Illuminate/Mail/autoload.php';
      $env = Dotenv\\Dotenv::createArrayBacked('/tmp')->load();
      $app = new Illuminate\\Container\\Container();
      // As config/mail.php of Laravel 12 has it.
      $app['config'] = ['mail.driver' => null, 'mail.mailers.smtp' => [
        'transport' => $env['MAIL_MAILER'],
        'scheme' => $env['MAIL_SCHEME'] ?? null,
        'url' => $env['MAIL_URL'] ?? null,
        'host' => $env['MAIL_HOST'],
        'port' => $env['MAIL_PORT'],
        'username' => $env['MAIL_USERNAME'],
        'password' => $env['MAIL_PASSWORD'],
      ]];
      $manager = new Illuminate\\Mail\\MailManager($app);
      $transport = fn () => $this->createSymfonyTransport($this->getConfig('smtp'));
      $message = (new Symfony\\Component\\Mime\\Email())
        ->from($env['MAIL_FROM_ADDRESS'])->to('${RECIPIENT}')->subject('a test')->text('Hello.');
      $transport->call($manager)->send($message);
    `,
  }),
  script: `${PHP} /tmp/send.php`,
};

const aerc: Mailer = {
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

const spring: Mailer = {
  format: 'spring',
  name: 'JavaMail in Spring',
  version: '4.3',
  package: 'libspring-context-support-java',
  auth: [['PLAIN', 'LOGIN'], ['XOAUTH2']],
  files: (text) => ({
    '/tmp/application.properties': text,
    '/tmp/send.bsh': `
      import java.io.FileInputStream;
      import java.util.Properties;
      import org.springframework.core.env.*;
      import org.springframework.mail.*;
      import org.springframework.mail.javamail.JavaMailSenderImpl;
      file = new Properties();
      file.load(new FileInputStream("/tmp/application.properties"));
      environment = new StandardEnvironment();
      environment.getPropertySources().addLast(new PropertiesPropertySource("file", file));
      // As Spring Boot's MailSenderPropertiesConfiguration passes them on.
      sender = new JavaMailSenderImpl();
      sender.setHost(environment.getProperty("spring.mail.host"));
      sender.setPort(Integer.parseInt(environment.getProperty("spring.mail.port")));
      sender.setUsername(environment.getProperty("spring.mail.username"));
      sender.setPassword(environment.getProperty("spring.mail.password"));
      properties = new Properties();
      for (name : file.stringPropertyNames()) {
        if (name.startsWith("spring.mail.properties.")) {
          properties.setProperty(name.substring(23), environment.getProperty(name));
        }
      }
      sender.setJavaMailProperties(properties);
      message = new SimpleMailMessage();
      message.setTo("${RECIPIENT}");
      message.setSubject("a test");
      message.setText("Hello.");
      sender.send(message);
      System.out.println("sent");
    `,
  }),
  script: `
    jars=/usr/share/java
    PATH=$(echo /usr/lib/jvm/java-21-*/bin):$PATH
    keytool -importcert -noprompt -alias lab -file "$SSL_CERT_FILE" -keystore /tmp/trusted -storepass changeit
    java -XX:TieredStopAtLevel=1 -Djavax.net.ssl.trustStore=/tmp/trusted -Djavax.net.ssl.trustStorePassword=changeit -cp "$jars/bsh.jar:$jars/spring3-core.jar:$jars/spring3-beans.jar:$jars/spring3-context.jar:$jars/spring3-context.support.jar:$jars/commons-logging.jar:$jars/javax.mail.jar:$jars/javax.activation.jar" bsh.Interpreter /tmp/send.bsh >/tmp/log 2>&1
    cat /tmp/log
    grep -q ^sent /tmp/log
  `,
};

function secretFor(report: Report): string {
  return report.settings?.auth.includes('XOAUTH2') ? TOKEN : PASSWORD;
}

async function use(mailer: Mailer, { report, directory, cacert }: Trial): Promise<Output> {
  const files = mailer.files(render(mailer.format, report), report);
  const env = { SMTP_PASSWORD: PASSWORD, SMTP_ACCESS_TOKEN: TOKEN };
  return await runInRoot(directory, files, mailer.script, { cacert, env });
}

export const mailers: readonly Program[] = [
  exim,
  opensmtpd,
  nullmailer,
  dma,
  sNail,
  django,
  rails,
  symfony,
  laravel,
  aerc,
  spring,
].map((mailer) => ({ ...mailer, commands: [], sends: true, use: (trial) => use(mailer, trial) }));
