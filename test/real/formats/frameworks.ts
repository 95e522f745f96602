/** Formats given to the frameworks they are for, as Debian packages them. */
import { type InRoot, inRoot, LOGIN_OR_PLAIN } from './in-root.ts';
import { PASSWORD, TOKEN } from './mailbox.ts';
import { type Program, RECIPIENT } from './program.ts';

const django: InRoot = {
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

const rails: InRoot = {
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

const symfony: InRoot = {
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

const laravel: InRoot = {
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

const spring: InRoot = {
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

export const frameworks: readonly Program[] = [django, rails, laravel, symfony, spring].map(inRoot);
