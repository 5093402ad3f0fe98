// A misspelt COUNTERSIGN_… variable would be passed over in silence: here it is found, with what was probably meant.
import { nearest } from '../desk/nearest.ts';
import { variables } from './variables.ts';

/** A sentence for each variable that begins like ours and is none of them. Never its value. */
export function unknownNames(environment: {
  readonly [name: string]: string | undefined;
}): readonly string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith('COUNTERSIGN_') && !isFromKubernetes(name) && !isKnown(name))
    .sort()
    .map((name) => {
      const meant = nearest(name, fixedNames) ?? guess(name);
      const instead = meant === undefined ? 'Remove it, or see' : `Did you mean ${meant}? See`;
      return `${name} is no variable of Countersign. ${instead} docs/reference/configuration.md.`;
    });
}

/** What Kubernetes puts beside a service that is called `countersign`: nobody’s wish. */
export function isFromKubernetes(name: string): boolean {
  return /^COUNTERSIGN_(SERVICE_HOST|SERVICE_PORT|PORT)(_.*)?$/.test(name);
}

const fixedNames = variables.map(({ name }) => name).filter((name) => !name.includes('<'));

function isKnown(name: string): boolean {
  return fixedNames.includes(name) || /^COUNTERSIGN_SECRET_[A-Z][A-Z0-9_]*$/.test(name);
}

/** A secret’s name is the operator’s own; only its form can be wrong. */
function guess(name: string): string | undefined {
  const [, rest] = /^COUNTERSIGN_SECRETS?_(.+)$/i.exec(name) ?? [];
  const own = rest?.toUpperCase().replaceAll(/[^A-Z0-9_]/g, '_');
  return own !== undefined && /^[A-Z]/.test(own) ? `COUNTERSIGN_SECRET_${own}` : undefined;
}
