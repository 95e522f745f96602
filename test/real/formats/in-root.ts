/** A program in the root of the mailers: what is to lie there for it, and what is run. */
import type { Report } from '../../../src/report/report.ts';
import { PASSWORD, TOKEN } from './mailbox.ts';
import { type Files, runInRoot } from './mailers-root.ts';
import { type Program, render } from './program.ts';

export interface InRoot extends Omit<Program, 'commands' | 'use' | 'sends'> {
  readonly files: (text: string, report: Report) => Files;
  /** For sh. Fails unless the message was sent. */
  readonly script: string;
}

export const LOGIN_OR_PLAIN = [['PLAIN'], ['LOGIN']];

export function inRoot(mailer: InRoot): Program {
  const env = { SMTP_PASSWORD: PASSWORD, SMTP_ACCESS_TOKEN: TOKEN };
  return {
    ...mailer,
    commands: [],
    sends: true,
    use: async ({ report, directory, cacert }) =>
      await runInRoot(
        directory,
        mailer.files(render(mailer.format, report), report),
        mailer.script,
        {
          cacert,
          env,
        },
      ),
  };
}
