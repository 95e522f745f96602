import { describe, expect, it } from 'vitest';
import { sourceNames } from '../../../src/cli/options/table.ts';
import { SmtpFindError } from '../../../src/model/errors.ts';
import { exitCodes, runFake, Sink } from '../fake-io.ts';

describe('wrong usage', () => {
  it.each([
    [['--jsn', 'a@example.com'], "unknown option '--jsn' (did you mean --json?)"],
    [['--xyzzy'], "unknown option '--xyzzy'"],
    [['--yaml', 'a@example.com'], "unknown option '--yaml' (a format is chosen with --format)"],
    [['--msmtp', 'a@example.com'], "unknown option '--msmtp' (a format is chosen with --format)"],
    [['-t'], "option '-t, --timeout <seconds>' argument missing"],
    [
      ['-t', 'abc', 'a@example.com'],
      '--timeout cannot be "abc": expected a number of seconds, more than 0 and at most 3600',
    ],
    [['-t', '', 'a@example.com'], '--timeout cannot be "": expected a number of seconds'],
    [['--timeout=0', 'a@example.com'], '--timeout cannot be "0": expected'],
    [['--timeout', '-5', 'a@example.com'], '--timeout cannot be "-5": expected'],
    [['--timeout', '1e3', 'a@example.com'], '--timeout cannot be "1e3": expected'],
    [['--timeout', '0x10', 'a@example.com'], '--timeout cannot be "0x10": expected'],
    [['--timeout', 'Infinity', 'a@example.com'], '--timeout cannot be "Infinity": expected'],
    [['--timeout', '99999999999', 'a@example.com'], '--timeout cannot be "99999999999": expected'],
    [
      ['-j', '0', 'a@example.com'],
      '--concurrency cannot be "0": expected a whole number from 1 to 256',
    ],
    [['-j', '1.5', 'a@example.com'], '--concurrency cannot be "1.5": expected a whole number'],
    [['-f', 'xml', 'a@example.com'], '--format cannot be "xml": expected one of text, json'],
    [
      ['--json', '-f', 'text', 'a@example.com'],
      '--json and --format text contradict each other: expected one of them',
    ],
    [['-4', '-6', 'a@example.com'], '-4 and -6 contradict each other: expected one of them'],
    [
      ['--only', 'srv,guesses', 'a@example.com'],
      `--only cannot be "guesses": expected some of ${sourceNames.join(', ')}`,
    ],
    [['--skip', '', 'a@example.com'], '--skip cannot be "": expected some of'],
    [
      ['--ispdb', 'file:///etc/passwd', 'a@example.com'],
      '--ispdb cannot be "file:///etc/passwd": expected a URL that begins with https:// or http://',
    ],
    [['--login', '--user', 'y\ufffdu', 'a@example.com'], 'the value of --user is not in UTF-8'],
    [['-o', 'caf\ufffd', 'a@example.com'], 'the value of --output is not in UTF-8'],
    [['--accept-host', '\ufffd', 'a@example.com'], 'the value of --accept-host is not in UTF-8'],
    [
      ['--ispdb', 'https://user:hunter22@ispdb.example/', 'a@example.com'],
      '--ispdb cannot be "https://***@ispdb.example/": expected a URL without a user name or password',
    ],
    [
      ['--ispdb', 'ftp://user:hunter22@ispdb.example/', 'a@example.com'],
      '--ispdb cannot be "ftp://***@ispdb.example/": expected a URL that begins with',
    ],
    [['--ispdb', 'nonsense', 'a@example.com'], '--ispdb cannot be "nonsense": expected a URL'],
  ])('%j is told in one line on stderr', async (argv, message) => {
    const { code, stdout, stderr, session } = await runFake(argv);
    expect(stderr).toContain(`smtp-find: ${message}`);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(code).toBe(exitCodes.badInput);
    expect(session).toBeUndefined();
  });

  it('strips escapes from what it repeats', async () => {
    const { stderr } = await runFake(['-t', '\u001b[31mred', 'a@example.com']);
    expect(stderr).toContain('cannot be "red"');
  });

  it.each([
    [['--input', '/etc/passwd/\u001b[31mx\u009b1m']],
    [['--junit', '/etc/passwd/\u001b[31mx', 'a@verified.example']],
    [['-o', '/etc/passwd/\u001b[31mx', 'a@verified.example']],
    [['--junit', 'a\0\u001b[31mx', 'a@verified.example']],
    [['--\u001b]0;x\u0007']],
    [['-\u001b[31m']],
    [['--list-providers', '\u001b[31mx']],
  ])('%j has no escape in what is said of it', async (argv) => {
    const { code, stderr } = await runFake(argv);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/^smtp-find: [^\u0000-\u001f\u007f-\u009f]+\n$/);
  });

  it('has no escape in what is said of the configuration', async () => {
    for (const SMTP_FIND_CONFIG of ['/etc/passwd/\u001b[31mx', '/nowhere/\u001b[31mx']) {
      const { stderr } = await runFake(['a@verified.example'], { env: { SMTP_FIND_CONFIG } });
      expect(stderr).toMatch(/^smtp-find: [^\u0000-\u001f]+\n$/);
    }
  });

  it("passes on the session's complaint about a file or an address", async () => {
    const { code, stdout, stderr } = await runFake(['--cacert', '/no/such', 'a@example.com'], {
      async createSession() {
        throw new SmtpFindError('unreadable-file', 'cannot read /no/such: no such file');
      },
    });
    expect([code, stdout, stderr]).toEqual([
      2,
      '',
      'smtp-find: cannot read /no/such: no such file\n',
    ]);
  });
});

describe('options', () => {
  it('reach the session and the search', async () => {
    const { session, finds } = await runFake([
      ...['--resolver', '127.0.0.1:5353', '--resolver', '[::1]:53'],
      ...['--connect-to', 'a:25:b:26', '--cacert', 'ca.pem', '-6', '--public-only'],
      ...['--ispdb', 'https://ispdb.example/', '-t', '2.5', '--no-probe', '-a', '-e'],
      ...['--only', 'SRV, guess', '--only', 'database', '--skip', 'ispdb', '--send-address'],
      'a@example.com',
    ]);
    expect(session).toEqual({
      env: { LANG: 'C.UTF-8' },
      resolver: ['127.0.0.1:5353', '[::1]:53'],
      connectTo: ['a:25:b:26'],
      cacert: ['ca.pem'],
      family: 6,
      publicOnly: true,
      ispdbUrl: 'https://ispdb.example/',
    });
    expect(finds).toHaveLength(1);
    expect(finds[0]?.options).toMatchObject({
      timeoutMs: 2500,
      probe: false,
      offline: false,
      all: true,
      explain: true,
      only: ['srv', 'guess', 'database'],
      skip: ['ispdb'],
      sendAddress: true,
    });
  });

  it('leave the defaults to the engine', async () => {
    const { session, finds } = await runFake(['a@example.com']);
    expect(session).toEqual({ env: { LANG: 'C.UTF-8' } });
    expect(finds[0]?.options).not.toHaveProperty('timeoutMs');
    expect(finds[0]?.options).toMatchObject({ probe: true, offline: false, all: false });
  });

  it('--provider needs no query, and takes one for the user name', async () => {
    const alone = await runFake(['--provider', 'sendgrid']);
    expect(alone.examined).toMatchObject([{ named: { provider: 'sendgrid' }, input: null }]);
    expect([alone.code, alone.stderr]).toEqual([3, '']);
    const named = await runFake(['--provider', 'sendgrid', 'you@example.com']);
    expect(named.examined).toMatchObject([{ input: 'you@example.com' }]);
  });
});

describe('help and version', () => {
  it('say who we are and how old the database is', async () => {
    for (const option of ['-V', '--version']) {
      const { code, stdout, stderr } = await runFake([option]);
      expect(stdout).toMatch(/^smtp-find \S+ \(database \d{4}-\d\d\)\n$/);
      expect([code, stderr]).toEqual([0, '']);
    }
  });

  it('list every option in groups, with exit codes and examples', async () => {
    const { code, stdout, stderr } = await runFake(['--help']);
    expect(stdout).toMatchInlineSnapshot(`
      "Usage: smtp-find [options] <address-or-domain...>

      Finds the settings for sending mail from an address, and proves that they work.
      Reads a list from stdin when no address is given, or for "-".

      Output:
        --json                   JSON: one line per query; a single one is indented on
                                 a terminal
        -f, --format <name>      text (default), json, tsv, env, url, nodemailer,
                                 python, django, rails, laravel, symfony, spring,
                                 msmtp, git, mutt, s-nail, aerc, himalaya, postfix,
                                 exim, opensmtpd, nullmailer, dma, systemd, k8s,
                                 swaks, autoconfig
        --fields <names>         only these, as TSV or JSON: host,port,username
        -o, --output <file>      results to this file instead of stdout
        -a, --all                every server that was found, with its probe
        -e, --explain            what each source answered, and why this server won
        -v, --verbose            the SMTP conversations on stderr, secrets left out
        -q, --quiet              the settings only: no warnings, progress or summary
        --no-color               no colours (NO_COLOR and FORCE_COLOR are honoured)
        --no-progress            no progress line on stderr

      Where to look:
        --server <host>          examine this server: HOST or HOST:PORT
        --provider <name>        the servers of a named provider or relay service
        --offline                the bundled database only, no network at all
        --no-probe               do not contact SMTP servers
        --only <sources>         only these sources, separated by commas
        --skip <sources>         all but these sources
        --ispdb <url>            another base URL for Thunderbird's ISPDB
        --send-address           let the domain's own HTTPS hosts see the full address

      Login:
        --login                  also try the credentials (SMTP_FIND_PASSWORD, stdin,
                                 or a prompt)
        --user <name>            the user name, where it is not the address
        --accept-host <host>     log in to it even if only an unprotected answer names
                                 it

      Many queries:
        --input <file>           from a list: lines, CSV, TSV or NDJSON; - is stdin
        -j, --concurrency <n>    queries at the same time (default 8)
        --unordered              results as they come, not in the order of the input
        --resume <file>          leave out what this earlier --json output answers

      For CI:
        --require <conditions>   fail unless they hold, like verified,tls,auth=PLAIN
        --expect <settings>      fail if the answer differs, like host=NAME,port=465
        --junit <file>           what became of each query, as JUnit XML
        --prometheus <file>      metrics for Prometheus' textfile collector

      Network:
        -t, --timeout <seconds>  deadline for each query (default 20)
        --resolver <server>      which DNS resolver: IP[:PORT],
                                 https://HOST/dns-query, tls://HOST
        --connect-to <spec>      HOST1:PORT1:HOST2:PORT2, connect to 2 instead of 1
        -x, --proxy <url>        go through this proxy: http://, https:// or socks5://
        --cacert <file>          also trust these certificates (PEM)
        -4, --ipv4               IPv4 only
        -6, --ipv6               IPv6 only
        --public-only            refuse servers on private addresses

      About:
        --list-providers         list the providers of the database
        --show-config            the defaults that hold, and where each comes from
        --completion <shell>     print completions for bash, zsh or fish
        -V, --version            show the version and the date of the database
        -h, --help               show this help

      Examples:
        smtp-find you@example.com
        smtp-find you@example.com --json | jq .settings
        smtp-find example.com --explain
        smtp-find --json --input list.csv > found.ndjson
        smtp-find example.com --require verified,auth=PLAIN
        smtp-find --provider sendgrid
        smtp-find --server smtp.example.com
        smtp-find --login you@example.com

      Environment:
        SMTP_FIND_PASSWORD, SMTP_FIND_TOKEN: what --login tries.
        SMTP_FIND_RESOLVER, SMTP_FIND_PROXY, SMTP_FIND_TIMEOUT, SMTP_FIND_CACERT:
        defaults of the options.
        SMTP_FIND_CONFIG: the file with more of them, instead of
        ~/.config/smtp-find/config.json, or on Windows
        %APPDATA%\\smtp-find\\config.json.

      Exit codes (several queries: the worst of them):
        0    verified (or found, when you asked not to probe)
        1    nothing found
        2    wrong usage or bad input
        3    found, not verified; --require or --expect not met; login not tried
        4    the login was refused
        5    no network: nothing could be reached or looked up
        70   a defect of smtp-find: please report it
        74   the output could not be written
        129  hung up (SIGHUP)
        130  interrupted (Ctrl-C, SIGINT)
        143  terminated (SIGTERM)
      "
    `);
    expect([code, stderr]).toEqual([0, '']);
  });

  it('fit a narrow terminal', async () => {
    const stdout = new Sink(true);
    Object.assign(stdout, { columns: 60 });
    await runFake(['-h'], { stdout });
    const options = stdout.text.split('Exit codes')[0] ?? '';
    for (const line of options.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
  });
});
