// Any service that gives and takes access over HTTP: a request to grant, one to revoke, and perhaps one to check.
import { createHash } from 'node:crypto';
import type { Settings, SettingValue } from '../../domain/flow.ts';
import { chosenAccount } from '../chosen-account.ts';
import { none, type Output, type SetCall, type Strategy } from '../strategy.ts';
import { httpIntegration, type HttpIntegration } from '../../clients/http/http-integration.ts';
import { send } from '../../clients/http/send.ts';
import { valueAt } from '../../clients/http/value-at.ts';
import { httpSettings, type HttpSettings } from './http-settings.ts';
import { fillBody, fillPath, type Values } from './placeholders.ts';

const granted = 'granted';

export const http: Strategy<HttpSettings, HttpIntegration> = {
  type: 'http',
  service: 'The service',
  settings: httpSettings,
  integration: httpIntegration,
  placeholders: {
    grant: { names: ['account', 'request'] },
    check: { names: ['account'] },
    revoke: { names: ['account', 'request'], listed: { sealed: ['keep', 'sealed'] } },
  },
  order: [none, granted],

  wanted: () => granted,

  seals: ({ keep }) => (keep?.sealed ?? []).length > 0,

  handsOver: ({ keep }) => (keep?.handed_over ?? []).length > 0,

  isApart: ({ revoke }) => /\{\{\s*(?:request|sealed\.)/.test(JSON.stringify(revoke)),

  identify: ({ settings: { account = 'person' }, person, using }) => chosenAccount(account, person, using),

  /** What taking it away touches is the thing itself, however it was granted. */
  async resource({ settings: { revoke }, integration: { base_url } }) {
    const base = new URL(base_url);
    const { method, path, body } = revoke;
    const said = body === undefined ? '' : ` ${digest(body)}`;
    return {
      resource: `http:${method} ${base.origin}${base.pathname.replace(/\/$/, '')}${path}${said}`,
    };
  },

  async read(call) {
    const { check } = call.settings;
    if (check === undefined) return 'unreadable';
    const { method = 'GET', path } = check;
    const { status } = await send(
      call,
      { method, path: fillPath(path, { account: call.account }) },
      [404, 410],
    );
    return { holds: status === 404 || status === 410 ? none : granted };
  },

  async set(call, holding) {
    const { settings, request } = call;
    const values = valuesOf(call);
    if (holding === none) {
      const revoke = filled(settings.revoke, values);
      await send(call, { ...revoke, idempotencyKey: `${request}-deescalate` }, [404, 410]);
      return {};
    }
    const { json } = await send(
      call,
      { ...filled(settings.grant, values), idempotencyKey: `${request}-escalate` },
      [409],
    );
    return outputOf(settings, json);
  },
};

/** The same for the same body, however its keys are ordered. */
function digest(body: Settings): string {
  const text = JSON.stringify(body, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(text).digest('hex');
}

function filled(
  { method, path, body }: HttpSettings['grant'] | HttpSettings['revoke'],
  values: Values,
): { readonly method: string; readonly path: string; readonly body?: SettingValue } {
  return {
    method,
    path: fillPath(path, values),
    ...(body && { body: fillBody(body, values) }),
  };
}

function valuesOf({ account, request, sealed }: SetCall<HttpSettings, HttpIntegration>): Values {
  const kept = Object.entries(sealed).map(([name, value]) => [`sealed.${name}`, value]);
  return { account, request, ...Object.fromEntries(kept) };
}

function outputOf({ keep }: HttpSettings, answer: unknown): Output {
  const pick = (places: readonly string[]): Readonly<Record<string, string>> =>
    Object.fromEntries(
      places.flatMap((place) => {
        const value = valueAt(answer, place.split('.'));
        return value === undefined ? [] : [[place, value]];
      }),
    );
  return {
    ...(keep?.recorded && { recorded: pick(keep.recorded) }),
    ...(keep?.sealed && { sealed: pick(keep.sealed) }),
    ...(keep?.handed_over && { handedOver: pick(keep.handed_over) }),
  };
}
