// Which of the integrations that code was granted it means: the one that it names, or the only one of the type.
import { list } from '../../domain/words.ts';
import { OutsideRefusal, type GrantedIntegration, type Grants } from '../capabilities.ts';

/** Throws `OutsideRefusal`. */
export function grantedIntegration(
  { integrations = {} }: Pick<Grants, 'integrations'>,
  type: string,
  named?: string,
): GrantedIntegration & { readonly name: string } {
  const ofType = Object.entries(integrations).filter(([, each]) => each.type === type);
  const possible = ofType.filter(([name]) => named === undefined || name === named);
  const [found, second] = possible;
  if (found === undefined) {
    const other = Object.entries(integrations).find(([name]) => name === named)?.[1].type;
    const known = ofType.map(([name]) => name);
    throw new OutsideRefusal('not-granted', whyNot({ type, named, other, known }));
  }
  if (second !== undefined)
    throw new OutsideRefusal(
      'refused',
      `This code may use several integrations of type ${type}: say which, by \`integration\`.`,
    );
  const [name, integration] = found;
  return { name, ...integration };
}

function whyNot({
  type,
  named,
  other,
  known,
}: {
  readonly type: string;
  readonly named: string | undefined;
  readonly other: string | undefined;
  readonly known: readonly string[];
}): string {
  const meant = named === undefined ? '' : shown(named);
  if (other !== undefined)
    return `${meant} is an integration of type ${other}, and this call goes through one of type ${type}.`;
  if (known.length === 0)
    return `This code was given no integration of type ${type}. Name one in the flow, by \`integration\` of the strategy or \`integrations\` of \`code\`, and declare it in countersign.yml.`;
  return `The flow names ${list(known.map(shown), 'and')} for this code, and not ${meant}. Write in the code what the flow names, or name the other in the flow.`;
}

/** It may have been made of anything. */
function shown(name: string): string {
  return /^[A-Za-z][A-Za-z0-9_-]{0,62}$/.test(name) ? `“${name}”` : 'this one';
}
