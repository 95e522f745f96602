/** The formats that `--format` knows, apart from text and JSON, in the order of the help. */
import { autoconfig } from './autoconfig.ts';
import { env } from './env.ts';
import type { Format } from './format.ts';
import { git } from './git.ts';
import { msmtp } from './msmtp.ts';
import { mutt } from './mutt.ts';
import { nodemailer } from './nodemailer.ts';
import { postfix } from './postfix.ts';
import { python } from './python.ts';
import { swaks } from './swaks.ts';
import { url } from './url.ts';

export type { Format } from './format.ts';

export const formats: readonly Format[] = [
  env,
  url,
  nodemailer,
  msmtp,
  git,
  mutt,
  postfix,
  swaks,
  python,
  autoconfig,
];
