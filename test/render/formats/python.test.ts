import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeComment } from '../../../src/render/formats/comments.ts';
import { pythonString } from '../../../src/render/formats/python.ts';
import { has, hostileReport, hostileText, render, reportWith, run, statements } from './reports.ts';

/** Every script's syntax tree with its string constants blanked, and the distinct ones counted. */
const SKELETONS = `
import ast, json, sys
seen = set()
for text in json.loads(sys.stdin.buffer.read()):
    tree = ast.parse(text.encode())
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant): node.value = type(node.value).__name__
    seen.add(ast.dump(tree))
print(json.dumps(sorted(seen)))
`;
const LITERALS = `
import ast, json, sys
print(json.dumps([ast.literal_eval(text) for text in json.loads(sys.stdin.buffer.read())]))
`;

const python = (program: string, input: unknown): unknown =>
  JSON.parse(run('python3', ['-c', program], { input: JSON.stringify(input) }));

describe('python', () => {
  it('connects over TLS with certificates checked, and signs in', () => {
    expect(statements(render('python', reportWith()))).toEqual([
      'import os',
      'import smtplib',
      'import ssl',
      'context = ssl.create_default_context()',
      "with smtplib.SMTP_SSL('smtp.example.com', 465, timeout=30, context=context) as smtp:",
      "    smtp.login('you@example.com', os.environ['SMTP_PASSWORD'])",
      '    # smtp.send_message(message)',
    ]);
    expect(render('python', reportWith({ encryption: 'starttls' }))).toContain(
      '    smtp.starttls(context=context)\n',
    );
  });

  it('lets no comment choose the encoding of the file', () => {
    expect(codeComment('coding=utf-7 coding: x')).not.toMatch(/coding[:=]/);
  });

  it.skipIf(!has('python3', '--version'))('writes any string as it was', () => {
    const values = fc.sample(fc.oneof(hostileText, fc.string({ unit: 'binary' })), 500);
    expect(python(LITERALS, values.map(pythonString))).toEqual(values);
  });

  it.skipIf(!has('python3', '--version'))('keeps its shape, whatever strangers say', () => {
    const shapes = (reports: readonly Parameters<typeof render>[1][]): unknown =>
      python(
        SKELETONS,
        reports.map((report) => render('python', report)),
      );
    const kinds = (['tls', 'starttls', 'none'] as const).flatMap((encryption) =>
      [['PLAIN'], ['XOAUTH2'], ['OAUTHBEARER']].map((auth) => reportWith({ encryption, auth })),
    );
    const expected = shapes([...kinds, reportWith({ port: 0 })]) as string[];
    for (const shape of shapes(fc.sample(hostileReport, 500)) as string[]) {
      expect(expected).toContain(shape);
    }
  });
});
