import { describe, expect, test } from 'vitest';
import { readMail, type MailSettings } from './mail-settings.ts';
import { readSettings, type Environment } from './settings.ts';
import { variables } from './variables.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const smtp: Environment = {
  SMTP_URL: 'smtps://countersign:p%40ss@mail.acme.com',
  SMTP_FROM: 'Countersign <access@acme.com>',
};
const links: Environment = { COUNTERSIGN_URL: 'https://countersign.acme.com/', COUNTERSIGN_LINK_KEY: key };

function settings(environment: Environment): MailSettings | undefined {
  const problems: string[] = [];
  const read = readMail(environment, problems);
  expect(problems).toEqual([]);
  return read;
}

function problems(environment: Environment): readonly string[] {
  const found: string[] = [];
  expect(readMail(environment, found)).toBeUndefined();
  return found;
}

describe('mail', () => {
  test('is not set up where nothing is said of it, and what is said of it alone begins nothing', () => {
    expect(settings({ SMTP_URL: ' ' })).toBeUndefined();
    expect(readSettings(smtp)).toEqual({ nothingSet: true });
  });

  test('goes through one server, encrypted from the first byte or by STARTTLS', () => {
    expect(settings(smtp)).toEqual({
      host: 'mail.acme.com',
      port: 465,
      tls: 'at-once',
      login: { user: 'countersign', password: 'p@ss' },
      from: { name: 'Countersign', address: 'access@acme.com' },
    });
    expect(settings({ SMTP_URL: 'smtp://mail.acme.com', SMTP_FROM: 'access@acme.com' })).toEqual({
      host: 'mail.acme.com',
      port: 587,
      tls: 'required',
      from: { address: 'access@acme.com' },
    });
  });

  test('goes in the clear to this machine alone', () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]'])
      expect(settings({ ...smtp, SMTP_URL: `smtp://${host}:2525` })).toMatchObject({
        port: 2525,
        tls: 'none',
      });
    expect(settings({ ...smtp, SMTP_URL: 'smtp://10.0.0.1:25' })).toMatchObject({ tls: 'required' });
  });

  test.each([
    'mail.acme.com',
    'https://mail.acme.com',
    'smtp://secretword@mail.acme.com',
    'smtp://:secretword@mail.acme.com',
    'smtp://user:secretword%@mail.acme.com',
    'smtp://user:secretword@mail.acme.com/path',
    'smtp://user:secretword@mail.acme.com?tls=off',
  ])('says what an address of a server is, and repeats nothing of it: %s', (text) => {
    const [problem, ...more] = problems({ ...smtp, SMTP_URL: text });
    expect(more).toEqual([]);
    expect(problem).toContain('SMTP_URL is no address of a mail server.');
    expect(problem).not.toContain('secretword');
  });

  test.each(['access', 'a@a.com, b@b.com', 'X <a@a.com> <b@b.com>', 'X\r\nBcc: e@e.com <a@a.com>'])(
    'comes from one plain address: %j',
    (from) => expect(problems({ ...smtp, SMTP_FROM: from })[0]).toContain('SMTP_FROM is no address'),
  );

  test('is all there or not at all', () => {
    expect(problems({ SMTP_URL: smtp['SMTP_URL'] })[0]).toContain('SMTP_FROM is not set');
    expect(problems({ SMTP_FROM: 'a@a.com' })[0]).toContain('SMTP_URL is not');
  });
});

describe('links', () => {
  test('lead to where people reach this app, and are signed', () => {
    expect(settings({ ...smtp, ...links })?.links).toEqual({
      url: 'https://countersign.acme.com',
      key: Buffer.alloc(32, 7),
    });
  });

  test('need an address, a key and mail', () => {
    const { COUNTERSIGN_URL, COUNTERSIGN_LINK_KEY } = links;
    expect(problems({ ...smtp, COUNTERSIGN_URL })[0]).toContain('COUNTERSIGN_LINK_KEY is not');
    expect(problems({ ...smtp, COUNTERSIGN_LINK_KEY })[0]).toContain('COUNTERSIGN_URL is not');
    expect(problems(links)[0]).toContain('links are sent by mail');
  });

  test.each([
    'http://countersign.acme.com',
    'https://countersign.acme.com/path',
    'https://u:p@countersign.acme.com',
    'https://countersign.acme.com?a=b',
    'countersign.acme.com',
    'javascript:alert(1)',
  ])('never lead to %s', (url) =>
    expect(problems({ ...smtp, ...links, COUNTERSIGN_URL: url })[0]).toContain(
      'COUNTERSIGN_URL is no address',
    ),
  );

  test('have a key of their own', () => {
    expect(problems({ ...smtp, ...links, COUNTERSIGN_LINK_KEY: 'short' })[0]).toContain('32 bytes');
    expect(problems({ ...smtp, ...links, COUNTERSIGN_SEALING_KEY: key })[0]).toContain('is the sealing key');
  });
});

test('every variable of mail is in the reference', () => {
  const names = variables.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining([...Object.keys(smtp), ...Object.keys(links)]));
});
