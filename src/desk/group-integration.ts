// Which integration of the desk a group is looked up by: the only one of its type, or the one that stands before the id.

/** Those that `countersign.yml` declares, by name; one of an environment alone has a `/` in it, and no group is looked up by it. */
export type DeclaredIntegrations = ReadonlyMap<string, { readonly type: string }>;

export type ChosenIntegration =
  | {
      readonly name: string;
      /** What is left of the id. */
      readonly id: string;
    }
  | { readonly none: string };

/** The level of an escalation policy, as in `PDATA/1`: a number, which no integration is called and no policy. */
const level = /\/([1-9][0-9]?)$/;

export function withoutLevel(id: string): string {
  return id.replace(level, '');
}

export function levelOf(id: string): number | undefined {
  const [, number] = level.exec(id) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** `00g1`, or `okta-eu/00g1` where the desk has several integrations of the type. `none` says why, as a clause. */
export function chooseIntegration(
  type: string,
  id: string,
  integrations: DeclaredIntegrations,
): ChosenIntegration {
  const slash = id.indexOf('/');
  const named = slash < 0 ? undefined : id.slice(0, slash);
  const names = namesOfType(type, integrations);
  const [first, second] = names;
  if (named !== undefined && !names.includes(named))
    return { none: `countersign.yml declares no integration ${named} of type ${type}` };
  if (first === undefined) return { none: `countersign.yml declares no integration of type ${type}` };
  if (named === undefined && second !== undefined)
    return {
      none: `countersign.yml declares several integrations of type ${type} (${names.join(', ')}): write the name of one before the id, as in ${first}/${id}`,
    };
  return { name: named ?? first, id: id.slice(slash + 1) };
}

export function namesOfType(type: string, integrations: DeclaredIntegrations): readonly string[] {
  return [...integrations].flatMap(([name, each]) =>
    each.type === type && !name.includes('/') ? [name] : [],
  );
}
