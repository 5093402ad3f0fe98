// What one run of a flow's code may use: what its flow names, of what the desk declares now. What is not there is not granted.
import { environmentOf } from '../../clients/outside.ts';
import type { DeskSettings } from '../../desk/desk.ts';
import type { CodeOffer } from '../../domain/hooks.ts';
import type { PersonId } from '../../domain/names.ts';
import type { GrantedIntegration, Grants } from '../capabilities.ts';

export interface CodeUse {
  readonly code: CodeOffer;
  readonly flow: string;
  readonly requester: PersonId;
}

export function grantsOf(
  { code, flow, requester }: CodeUse,
  settings: DeskSettings | undefined,
): Omit<Grants, 'secret'> {
  const { hosts, lambdas = [], slack = [], github = [] } = code;
  const integrations = integrationsOf(code, settings);
  const types = new Set(Object.values(integrations).map(({ type }) => type));
  return {
    calls: [
      'http',
      ...(types.has('aws') && lambdas.length > 0 ? ['lambda.invoke'] : []),
      ...(types.has('pagerduty') ? ['pagerduty.on-call'] : []),
      ...(types.has('okta') ? ['okta.groups-of'] : []),
      ...(slack.length > 0 ? ['slack.send'] : []),
      ...(github.length > 0 ? ['github.request'] : []),
    ],
    ...{ hosts, integrations, lambdas, github },
    slack: { to: slack, requester, from: `Sent by the code of the flow ${flow}` },
  };
}

/** One that is no more declared is no more granted. */
function integrationsOf(
  { integrations = [] }: CodeOffer,
  settings: DeskSettings | undefined,
): { readonly [name: string]: GrantedIntegration } {
  return Object.fromEntries(
    integrations.flatMap(({ name, key, write }) => {
      const declared = settings?.integrations.get(key);
      if (declared === undefined) return [];
      return [[name, { ...declared, ...environmentOf({ integration: key }), write }]];
    }),
  );
}
