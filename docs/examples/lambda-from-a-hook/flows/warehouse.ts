import { approve, deny, invokeLambda, type Json, type OnHook } from 'countersign/sdk';

const arn = 'arn:aws:lambda:eu-north-1:999999999999:function:request-risk:live';

/** The function weighs what is asked. Whatever it answers that is none of the three, people decide. */
export const on_request: OnHook<'request'> = async ({ request }) => {
  const { requester, fields, durationMs } = request;
  const answer = await invokeLambda({
    integration: 'aws-risk',
    arn,
    payload: { person: requester.id, tables: fields['tables'] ?? null, minutes: (durationMs ?? 0) / 60_000 },
  });
  const reason = textIn(answer, 'reason') ?? 'As the function says.';
  switch (textIn(answer, 'decision')) {
    case 'approve':
      return approve({ steps: ['lead'], reason });
    case 'deny':
      return deny({ reason });
    case 'ask':
      return undefined;
    default:
      throw new Error('The function answered something else than approve, deny or ask.');
  }
};

function textIn(answer: Json, key: string): string | undefined {
  const value =
    typeof answer === 'object' && answer !== null && key in answer ? Reflect.get(answer, key) : undefined;
  return typeof value === 'string' ? value : undefined;
}
