/** What running the documents' commands should come to, where it is not just "exits with 0". */

/** Exit codes, where the text leads the reader to expect another one than 0. */
export const exitCodes: Readonly<Record<string, number>> = {
  'smtp-find example.com --quiet --require starttls,auth=CRAM-MD5': 3,
  'smtp-find example.com --quiet --expect port=587': 3,
};

/** What somebody has to type, on a terminal. */
export const typed: Readonly<Record<string, string>> = {
  'smtp-find --login you@example.com': 'correct-horse\n',
  'smtp-find --login --server smtp.example.com you@example.com': 'correct-horse\n',
};

const IN_CI = 'by .ci/run';
const PACKAGED = 'by test/packaged/package.ts, into folders of its own';

/** Commands that no test runs here, and who does instead. */
export const notRun: Readonly<Record<string, string>> = {
  'npm ci && npm test': `${IN_CI}, and this test is part of it`,
  'npm ci': IN_CI,
  'npm test': IN_CI,
  'FUZZ=1 npm test': `npm test ${IN_CI}; with other seeds it would not be the same every time`,
  'npm run check': IN_CI,
  'npm run demo': IN_CI,
  'npm run bench': IN_CI,
  'npm run test:real': IN_CI,
  'npm run test:formats': IN_CI,
  'npm run test:docs': IN_CI,
  'npm run test:parallel': IN_CI,
  'npm run test:monitors': IN_CI,
  'npm run test:long': IN_CI,
  'npm run test:nodes': IN_CI,
  'npm run test:package': IN_CI,
  'npm run build:single': IN_CI,
  'npm run test:single': IN_CI,
  'npm pack && npm install --global ./smtp-find-*.tgz': PACKAGED,
  'npm install --global --prefix ~/.local ./smtp-find-*.tgz': PACKAGED,
  'npm install --global smtp-find': `for when it is published; with the tarball, ${PACKAGED}`,
  'npx smtp-find you@example.com': `for when it is published; with the tarball, ${PACKAGED}`,
  'npm uninstall --global smtp-find': "npm's own affair",
  'npm root --global': 'a name for what it prints',
  'man smtp-find': PACKAGED,
  'npm install --global .': 'by test/real/docs.ts, into a folder of its own',
  'npm install /path/to/smtp-find': 'by test/real/docs.ts, with the real path',
  'npm run data:build': 'by npm run build, before the tests',
  'npm run data:check': 'data:build and test/providers, both by npm test',
  'npm run data:format': 'it writes data/providers; test/providers finds nothing to write',
  'npm run data:docs': 'it writes docs/providers.md; test/providers compares the result',
  'npm run man': 'it writes man/smtp-find.1; test/cli/man-page.test.ts compares the result',
  'npm run data:import -- <folder>': 'it reads lists that are not part of this repository',
  'npm run build': 'by npm test',
  'npm run data:probe -- --only gmail': 'as the one below',
  'npm run data:probe':
    'it asks real servers; test/providers/probe-flow.test.ts runs it in the lab',
  'smtp-find --json': 'a name for its output',
  'smtp-find you@example.com --format NAME': 'NAME stands for any of the formats below it',
  'sort -t @ -k 2 addresses.txt | parallel …': 'the rest is the command above it',
  'msmtp -a school.example friend@example.net < message': 'test/real/formats.ts sends with msmtp',
  'chmod 600 /etc/postfix/sasl_passwd': 'test/real/formats.ts sets Postfix up',
  'postfix reload': 'test/real/formats.ts sets Postfix up',
};

/** Beginnings of such commands, and of code that only looks like one. */
export const notRunBeginning: Readonly<Record<string, string>> = {
  'swaks --server smtp.school.example': 'test/real/formats.ts runs what --format swaks writes',
  'node --env-file': 'an option',
  'parallel --tag': 'an option',
  'git send-email': 'a name; test/real/formats.ts runs it',
};

/** Programs that not every machine has, with Debian's packages; test/real/docs.ts runs what needs them. */
export const packages: Readonly<Record<string, string>> = {
  jq: 'jq',
  parallel: 'parallel',
  git: 'git',
  man: 'man-db',
  python3: 'python3', // for what is typed on a terminal
};
