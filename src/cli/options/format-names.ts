/** The formats that `--format` may name; known without loading what writes them. */
export const formatNames: readonly string[] = [
  'text',
  'json',
  'env',
  'url',
  'nodemailer',
  'msmtp',
  'git',
  'mutt',
  'postfix',
  'swaks',
  'python',
  'autoconfig',
];
