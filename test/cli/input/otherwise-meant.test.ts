import { describe, expect, it } from 'vitest';
import { runFake, Sink } from '../fake-io.ts';

describe('text that is no query, and names what an option asks about', () => {
  it.each([
    [['gmail'], '--provider gmail or you@gmail.com?'],
    [['Outlook'], '--provider outlook or you@outlook.com?'],
    [['--login', 'gmail'], '--provider gmail'],
    [['amazon ses'], '--provider "amazon ses"?'],
    [['smtp.gmail.com:587'], '--server smtp.gmail.com:587?'],
    [['smtp.gmail.com 465'], '--server smtp.gmail.com:465?'],
    [['smtp.gmail.com, port 465'], '--server smtp.gmail.com:465?'],
    [['smtp.gmail.com', '465'], '--server smtp.gmail.com:465?'],
    [['smtp://smtp.gmail.com:465'], '--server smtp.gmail.com:465?'],
    [['smtps://smtp.gmail.com'], '--server smtp.gmail.com:465?'],
    [['smtps://smtp.gmail.com:587'], '--server smtps://smtp.gmail.com:587?'],
  ])('%j', async (argv, meant) => {
    const { code, stdout, stderr } = await runFake(argv, {
      env: { LANG: 'C.UTF-8', SMTP_FIND_PASSWORD: 'x' },
    });
    expect(stderr).toContain(`did you mean ${meant}`);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect([code, stdout]).toEqual([2, '']);
  });

  it('wraps between words on a terminal, and is one line elsewhere', async () => {
    const argv = ['--offline', 'a@b.example', '--only', 'srv'];
    const stderr = new Sink(true);
    await runFake(argv, { stderr });
    expect(stderr.lines().length).toBeGreaterThan(1);
    for (const line of stderr.lines()) expect(line.length).toBeLessThanOrEqual(80);
    const piped = await runFake(argv);
    expect(piped.stderr.replace(/\s+/g, ' ')).toBe(stderr.text.replace(/\s+/g, ' '));
    expect(piped.stderr.trimEnd()).not.toContain('\n');
  });

  it('has no second pair of quotes', async () => {
    const { stderr } = await runFake(['"jane@a.example"']);
    expect(stderr).toBe('smtp-find: "jane@a.example" understood as jane@a.example\n');
  });

  it.each([
    ['jane', 'jane@example.com'],
    ['example.com:8080', 'example.com?'],
    ['https://example.com/', 'example.com?'],
  ])('is not %s', async (text, expected) => {
    const { code, stderr } = await runFake([text]);
    expect(stderr).toContain(expected);
    expect(stderr).not.toContain('--');
    expect(code).toBe(2);
  });

  it.each(['--host', '--port', '--smtp-host=x'])('%s is said to be --server', async (option) => {
    const { code, stderr } = await runFake([option, 'x']);
    expect(stderr).toContain('a server is named with --server HOST:PORT');
    expect(code).toBe(2);
  });
});
