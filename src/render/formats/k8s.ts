/** A Secret of Kubernetes', for `envFrom`. */
import type { Account } from './account.ts';
import { hashComment } from './comments.ts';
import { secretOf, variablesOf } from './env.ts';
import { createFormat, type Format, type Written } from './format.ts';
import { quotedString } from './quoted-string.ts';
import { signInOf } from './sign-in.ts';

export const k8s: Format = createFormat({
  name: 'k8s',
  summary: 'Secret manifest for kubectl apply, with SMTP_HOST and so on',
  comment: hashComment,
  write,
});

function write(account: Account): Written {
  const { takes, remarks: limits } = signInOf(account);
  const data: readonly (readonly [string, string])[] = [
    ...variablesOf(account),
    ['SMTP_USER', account.username],
    secretOf(takes),
    ['SMTP_FROM', account.from],
  ];
  return {
    remarks: [
      'For kubectl apply -f; a container takes it with envFrom. Keep the file out of Git: a Secret is not encrypted there.',
      ...limits,
    ],
    lines: [
      'apiVersion: v1',
      'kind: Secret',
      'metadata:',
      '  name: smtp',
      'type: Opaque',
      'stringData:',
      ...data.map(([name, value]) => `  ${name}: ${quotedString(value)}`),
    ],
  };
}
