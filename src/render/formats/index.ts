/** The formats that `--format` knows, apart from text and JSON, in the order of the help. */
import { aerc } from './aerc.ts';
import { autoconfig } from './autoconfig.ts';
import { django } from './django.ts';
import { dma } from './dma.ts';
import { env } from './env.ts';
import { exim } from './exim.ts';
import type { Format } from './format.ts';
import { git } from './git.ts';
import { himalaya } from './himalaya.ts';
import { k8s } from './k8s.ts';
import { laravel } from './laravel.ts';
import { msmtp } from './msmtp.ts';
import { mutt } from './mutt.ts';
import { nodemailer } from './nodemailer.ts';
import { nullmailer } from './nullmailer.ts';
import { opensmtpd } from './opensmtpd.ts';
import { postfix } from './postfix.ts';
import { python } from './python.ts';
import { rails } from './rails.ts';
import { sNail } from './s-nail.ts';
import { spring } from './spring.ts';
import { swaks } from './swaks.ts';
import { symfony } from './symfony.ts';
import { systemd } from './systemd.ts';
import { url } from './url.ts';

export type { Format } from './format.ts';

export const formats: readonly Format[] = [
  env,
  url,
  nodemailer,
  python,
  django,
  rails,
  laravel,
  symfony,
  spring,
  msmtp,
  git,
  mutt,
  sNail,
  aerc,
  himalaya,
  postfix,
  exim,
  opensmtpd,
  nullmailer,
  dma,
  systemd,
  k8s,
  swaks,
  autoconfig,
];
