// Which of the integrations that code was granted it means: the one that it names, or the only one of the type.
import { OutsideRefusal, type GrantedIntegration, type Grants } from '../capabilities.ts';

/** Throws `OutsideRefusal`. */
export function grantedIntegration(
  { integrations = {} }: Pick<Grants, 'integrations'>,
  type: string,
  named?: string,
): GrantedIntegration & { readonly name: string } {
  const possible = Object.entries(integrations).filter(
    ([name, each]) => each.type === type && (named === undefined || name === named),
  );
  const [found, second] = possible;
  if (found === undefined)
    throw new OutsideRefusal('not-granted', `This code may use no such integration of type ${type}.`);
  if (second !== undefined)
    throw new OutsideRefusal(
      'refused',
      `This code may use several integrations of type ${type}: say which, by \`integration\`.`,
    );
  const [name, integration] = found;
  return { name, ...integration };
}
