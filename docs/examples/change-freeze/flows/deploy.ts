import { approve, http, ignore, secret, type OnHook } from 'countersign/sdk';

/** `open`, `frozen`, or why: as the calendar of changes has it for a service. Throws where it does not say. */
async function windowOf(service: string): Promise<string> {
  const { ok, status, json } = await http({
    url: `https://calendar.acme.com/v1/windows/${encodeURIComponent(service)}`,
    headers: { authorization: `Bearer ${secret('CALENDAR_TOKEN')}` },
  });
  if (!ok) throw new Error(`The calendar said ${status}.`);
  return isWindow(json) ? json.state : 'frozen';
}

function isWindow(json: unknown): json is { readonly state: string } {
  return typeof json === 'object' && json !== null && 'state' in json && typeof json.state === 'string';
}

/** In an open window nobody of release management is needed. */
export const on_request: OnHook<'request'> = async ({ request }) => {
  const state = await windowOf(String(request.fields['service']));
  return state === 'open' ? approve({ steps: ['release'], reason: 'The window is open.' }) : undefined;
};

/** In a freeze nobody approves; the request stays open until it is over. */
export const on_approve: OnHook<'approve'> = async ({ request }) => {
  const state = await windowOf(String(request.fields['service']));
  return state === 'frozen' ? ignore('Production is frozen. Approve again once that is over.') : undefined;
};
