import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '../../../src/model/printable.ts';
import { javascriptString } from '../../../src/render/formats/nodemailer.ts';
import { hostileReport, hostileText, render, reportWith } from './reports.ts';

function evaluate(text: string): unknown {
  const process = { env: { SMTP_PASSWORD: 'secret', SMTP_ACCESS_TOKEN: 'token' } };
  // Through JSON, since it comes from another realm.
  return JSON.parse(JSON.stringify(runInNewContext(`(${text})`, { process })));
}

describe('nodemailer', () => {
  it('is what createTransport() takes', () => {
    expect(evaluate(render('nodemailer', reportWith()))).toEqual({
      host: 'smtp.example.com',
      port: 465,
      secure: true,
      auth: { user: 'you@example.com', pass: 'secret' },
    });
    expect(
      evaluate(render('nodemailer', reportWith({ port: 587, encryption: 'starttls' }))),
    ).toEqual(expect.objectContaining({ secure: false, requireTLS: true }));
    expect(evaluate(render('nodemailer', reportWith({ auth: ['XOAUTH2'] })))).toEqual(
      expect.objectContaining({
        auth: { type: 'OAuth2', user: 'you@example.com', accessToken: 'token' },
      }),
    );
  });

  it('writes any string on one line, as it was', () => {
    fc.assert(
      fc.property(fc.oneof(hostileText, fc.string({ unit: 'binary' })), (value) => {
        const literal = javascriptString(value);
        expect(literal).not.toMatch(/[\n\r\u2028\u2029<]/);
        expect(runInNewContext(literal)).toBe(value);
      }),
    );
  });

  it('is an object with these properties, whatever strangers say', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const text = render('nodemailer', report);
        if (!text.includes('\n{')) return;
        const { host, auth } = evaluate(text) as { host: string; auth: { user: string } };
        expect(host).toBe(report.settings?.host);
        const { username = '' } = report.settings ?? {};
        const isPlain = username !== '' && printable(username) === username;
        if (isPlain && report.email === username) expect(auth.user).toBe(username);
      }),
    );
  });
});
