import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandWords, parseComment } from './parse-comment.ts';

const none = { type: 'none' };

describe('a comment decides', () => {
  it.each([
    ['/approve', { type: 'approve' }],
    ['/Approve', { type: 'approve' }],
    ['  /approve  ', { type: 'approve' }],
    ['/approve looks good', { type: 'approve', message: 'looks good' }],
    ['/approve\r\n\r\nlooks good\r\nto me', { type: 'approve', message: 'looks good\nto me' }],
    ['/approve.', { type: 'approve' }],
    ['/approve for 30m', { type: 'approve', duration: 1_800_000 }],
    [
      '/approve for 30m: enough for this',
      { type: 'approve', duration: 1_800_000, message: 'enough for this' },
    ],
    ['/approve for Ann', { type: 'approve', message: 'for Ann' }],
    ['/approve for the 30m that it takes', { type: 'approve', message: 'for the 30m that it takes' }],
    ['/approve as admin they sleep', { type: 'approve', as: 'admin', message: 'they sleep' }],
    ['/approve as admin', { type: 'approve', as: 'admin' }],
    [
      '/approve for 1h as admin: sleep',
      { type: 'approve', as: 'admin', duration: 3_600_000, message: 'sleep' },
    ],
    ['/approve as administrator', { type: 'approve', message: 'as administrator' }],
    ['/approve looks good as admin', { type: 'approve', message: 'looks good as admin' }],
    ['/extend 1h', { type: 'extend', by: 3_600_000 }],
    ['/extend by 90m not done yet', { type: 'extend', by: 5_400_000, message: 'not done yet' }],
    [
      '/break-glass production prod 30m reason="It burns." confirm=prod',
      {
        type: 'request',
        flow: 'production',
        form: { target: 'prod', duration: '30m', fields: {} },
        breakGlass: { reason: 'It burns.', confirm: 'prod' },
      },
    ],
    [
      '/Break-Glass production urgency=high\nreason: It burns,\nand nobody answers\nconfirm: prod',
      {
        type: 'request',
        flow: 'production',
        form: { fields: { urgency: 'high' } },
        breakGlass: { reason: 'It burns,\nand nobody answers', confirm: 'prod' },
      },
    ],
    [
      '/break-glass production',
      { type: 'request', flow: 'production', form: { fields: {} }, breakGlass: { reason: '', confirm: '' } },
    ],
    ['/review fine It was needed.', { type: 'review', outcome: 'fine', message: 'It was needed.' }],
    ['/review Concern: it could wait', { type: 'review', outcome: 'concern', message: 'it could wait' }],
    ['/review concern\n\nit could wait', { type: 'review', outcome: 'concern', message: 'it could wait' }],
    ['/review fine', { type: 'review', outcome: 'fine' }],
    ['/extend please', { type: 'extend', message: 'please' }],
    ['/deny too long', { type: 'deny', message: 'too long' }],
    ['/revoke', { type: 'revoke' }],
    ['/cancel never mind', { type: 'cancel' }],
    ['/extend', { type: 'extend' }],
    ['/status', { type: 'status' }],
    ['/why', { type: 'why' }],
    ['/HELP', { type: 'help' }],
    ['/link bob (T07ACME00/U07BOB000) ABC', { type: 'link', line: 'bob (T07ACME00/U07BOB000) ABC' }],
    ['/link yes ab12cd34', { type: 'link', word: 'ab12cd34' }],
    ['/link', { type: 'link', line: '' }],
    ['/unlink', { type: 'unlink' }],
    ['/unlink T07ACME00/U07BOB000 please', { type: 'unlink', account: 'T07ACME00/U07BOB000' }],
    ['/lint', { type: 'none' }],
    ['/help production-access please', { type: 'help', flow: 'production-access' }],
  ])('%j', (body, parsed) => {
    expect(parseComment(body)).toEqual(parsed);
  });

  it('without what an e-mail program quotes below', () => {
    expect(parseComment('/approve ok\n\nOn Friday, Ann wrote:\n> /deny')).toEqual({
      type: 'approve',
      message: 'ok',
    });
  });

  it('with a message that fits into the ledger', () => {
    const parsed = parseComment(`/deny ${'x'.repeat(60_000)}`);
    expect(parsed.type === 'deny' && parsed.message?.length).toBe(4000);
  });
});

describe('a duration that is none', () => {
  it.each([
    '/extend 1 hour',
    '/extend 1hour',
    '/extend 2x',
    '/extend 0h',
    '/approve for 30minutes',
    '/approve for 30 min',
    '/approve for  30 m',
    '/approve for 1h30m, not more',
    '/approve as admin for 0h sleep',
    '/approve 30m',
  ])('is told, and not guessed: %j', (body) => {
    expect(parseComment(body)).toMatchObject({ type: 'malformed' });
  });
});

describe('a comment decides nothing', () => {
  it.each([
    ['when it is a bare yes', 'yes'],
    ['when it agrees in other words', 'approved, LGTM :+1:'],
    ['when the command is quoted', '> /approve'],
    ['when it answers a quoted command', '> /approve\n\nWhy?'],
    ['when the command is fenced', '```\n/approve\n```'],
    ['when the command is indented code', '    /approve'],
    ['when the command is indented by a tab', '\t/approve'],
    ['when the command is HTML-commented', '<!-- /approve -->'],
    ['when the command is hidden after a comment', '<!-- -->/approve'],
    ['when the command stands in mid-sentence', 'I would say /approve to that'],
    ['when the command stands on a later line', 'Looks fine.\n/approve'],
    ['when the command stands after an empty line', '\n/approve'],
    ['when the command is code', '`/approve`'],
    ['when the command is bold', '**/approve**'],
    ['when it is a path', '/approve/this'],
    ['when it is another word', '/approved-by-nobody'],
    ['when it is a command of another program', '/deploy production'],
    ['when it is another alphabet', '/аpprove'],
    ['when it is empty', ''],
    ['when it is a slash', '/'],
  ])('%s', (_, body) => {
    expect(parseComment(body)).toEqual(none);
  });

  it('when it says two things', () => {
    expect(parseComment('/approve\n/deny')).toMatchObject({ type: 'malformed' });
  });
});

describe('a slip of the pen', () => {
  it.each([
    ['/aprove', 'approve'],
    ['/approv', 'approve'],
    ['/appprove it', 'approve'],
    ['/dney', 'deny'],
    ['/reqeust aws', 'request'],
    ['/stauts', 'status'],
  ])('%s is told what was probably meant, and does nothing', (body, meant) => {
    expect(parseComment(body)).toMatchObject({ type: 'misspelt', meant });
  });

  it.each(['/merge', '/retest', '/lgtm', '/close', '/shrug', '/who', '/etc is full'])(
    '%s is none of ours',
    (body) => expect(parseComment(body)).toEqual(none),
  );
});

describe('a request in a comment', () => {
  it.each([
    ['/request aws', 'aws', { fields: {} }],
    ['/request aws prod', 'aws', { target: 'prod', fields: {} }],
    ['/request aws 30m', 'aws', { duration: '30m', fields: {} }],
    ['/request aws 30m prod', 'aws', { target: 'prod', duration: '30m', fields: {} }],
    ['/request aws prod until-revoked', 'aws', { target: 'prod', duration: 'until-revoked', fields: {} }],
    [
      '/request aws prod 30m reason="Backfill of order 4711" urgency=Normal',
      'aws',
      {
        target: 'prod',
        duration: '30m',
        fields: { reason: 'Backfill of order 4711', urgency: 'Normal' },
      },
    ],
    ['/request "AWS Power User" “Production”', 'AWS Power User', { target: 'Production', fields: {} }],
    [String.raw`/request aws reason="say \"hi\" \\"`, 'aws', { fields: { reason: 'say "hi" \\' } }],
    [
      '/request aws\nreason: Backfill\n  of order 4711\n\nurgency: Normal\n\nThanks: a lot, everybody',
      'aws',
      { fields: { reason: 'Backfill\nof order 4711', urgency: 'Normal', Thanks: 'a lot, everybody' } },
    ],
    [
      '/request aws\r\n\r\nreason: Backfill\r\n\r\nThanks all.\r\nnote: x',
      'aws',
      { fields: { reason: 'Backfill' } },
    ],
    ['/request aws url=https://acme.example/a=b', 'aws', { fields: { url: 'https://acme.example/a=b' } }],
    [
      '/request aws constructor=1 __proto__=2',
      'aws',
      { target: '__proto__=2', fields: { constructor: '1' } },
    ],
  ])('%j', (body, flow, form) => {
    expect(parseComment(body)).toEqual({ type: 'request', flow, form });
  });

  it.each([
    ['no flow', '/request', 'which flow'],
    ['two targets', '/request aws prod staging', 'more than one target'],
    ['two durations', '/request aws 30m 1h', 'more than one duration'],
    ['a field twice', '/request aws reason=a reason=b', 'reason twice'],
    ['a field on the line and below', '/request aws reason=a\nreason: b', 'reason twice'],
    ['an open quotation mark', '/request aws reason="Backfill', 'not closed'],
  ])('is sent back with a reason: %s', (_, body, problem) => {
    expect(parseComment(body)).toEqual({
      type: 'malformed',
      problem: expect.stringContaining(problem),
    });
  });
});

it('never finds a command in what does not begin with one', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }).filter((text) => !/^ {0,3}(\/|$)/.test(text)),
      fc.constantFrom(...commandWords),
      (before, word) => {
        expect(parseComment(`${before}/${word}`)).toEqual(none);
        expect(parseComment(`${before}\n/${word}`)).toEqual(none);
      },
    ),
  );
});

it('takes no longer for one long comment than for eight as long together', () => {
  const manyNames = (count: number) =>
    Array.from({ length: count }, (_, number) => `a${number.toString(36)}=1`).join(' ');
  const shapes: readonly ((share: number) => string)[] = [
    (share) => `/request aws ${manyNames(9000 / share)}`,
    (share) => `/request aws ${'"'.repeat(64_000 / share)}`,
    (share) => `/request ${'a '.repeat(32_000 / share)}`,
    (share) => `/request aws\n${'a: b\n'.repeat(12_800 / share)}`,
    (share) => `/request aws ${'\\"'.repeat(32_000 / share)}`,
    (share) => `/request aws x="${'\\'.repeat(64_000 / share)}`,
  ];
  const took = (body: string, times: number): number => {
    const started = performance.now();
    for (let time = 0; time < times; time += 1) parseComment(body);
    return performance.now() - started;
  };
  // What grows with the square takes eight times as long every time; what else the machine does delays some runs, not all of them.
  const runs = Array.from({ length: 40 });
  const slow = shapes.filter((shape) =>
    runs.every(() => {
      const whole = took(shape(1), 1);
      // Under five milliseconds nobody waits, and a clock says little.
      return whole > 5 && whole > 4 * took(shape(8), 8);
    }),
  );
  expect(slow.map((shape) => shape(1).slice(0, 30))).toEqual([]);
});
