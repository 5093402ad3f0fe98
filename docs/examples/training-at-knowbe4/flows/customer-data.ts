import { approve, http, ignore, type Json, type OnHook } from 'countersign/sdk';

/** Whoever passed the training stands for the step; whoever did not is told to. Where it cannot be known, people look. */
export const on_request: OnHook<'request'> = async ({ request, flow }) => {
  const user = request.requester.accounts['knowbe4'];
  const campaign = flow.vars['knowbe4_campaign'];
  if (user === undefined || campaign === undefined) return undefined;
  const query = `campaign_id=${encodeURIComponent(campaign)}&user_id=${encodeURIComponent(user)}&per_page=500`;
  const { ok, status, json } = await http({
    integration: 'knowbe4',
    path: `/v1/training/enrollments?${query}`,
  });
  if (!ok || !Array.isArray(json)) throw new Error(`KnowBe4 answered ${status}.`);
  // A filter that it did not know would show everybody's.
  const theirs = json.filter((enrollment) => String(valueAt(enrollment, 'user', 'id')) === user);
  if (theirs.length === 0) return undefined;
  const open = theirs.filter((enrollment) => valueAt(enrollment, 'status') !== 'Passed');
  if (open.length === 0) return approve({ steps: ['training'], reason: 'Passed the training at KnowBe4.' });
  const names = open.map((enrollment) => String(valueAt(enrollment, 'module_name') ?? 'a module'));
  return ignore(`First finish the training on personal data at KnowBe4: ${names.join(', ')}.`);
};

function valueAt(value: Json, ...path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}
