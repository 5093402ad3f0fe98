// The texts of a flow with `${{ … }}` in them: variables are filled in here, the rest is checked and left for each request.
import type { Field, Template } from '../../domain/flow.ts';
import { fillText, varName, type FillContext } from './compile-vars.ts';
import { nearest } from '../nearest.ts';
import { placeholdersIn } from './setting-values.ts';

export interface TextContext extends FillContext {
  readonly fields: readonly Pick<Field, 'name'>[];
  readonly access: boolean;
}

/** What is said whoever asks for whatever: only variables stand in it. */
export function compileText(text: string, at: string, context: FillContext): string {
  return compile(text, at, [], context);
}

/** What is said of one request. */
export function compileTemplate(text: string, at: string, context: TextContext): Template {
  const known = [
    ...context.fields.map(({ name }) => `fields.${name}`),
    ...(context.access ? ['request.target', 'request.duration'] : []),
    'requester.name',
  ];
  return compile(text, at, known, context);
}

function compile(text: string, at: string, known: readonly string[], context: FillContext): string {
  const { report, vars } = context;
  for (const place of placeholdersIn(text, at)) {
    const { inner, offset } = place;
    if (inner === undefined || !/^[A-Za-z_][\w.-]*$/.test(inner)) report.add({ at, offset }, 'template-form');
    else if (varName(place) === undefined && !known.includes(inner)) {
      const possible = [...known, ...[...vars.keys()].map((name) => `vars.${name}`)];
      const close = nearestName(inner, possible);
      report.add(
        { at, offset: text.indexOf(inner, offset), suggestion: close && `\${{ ${close} }}` },
        'template-unknown',
        inner,
        possible.slice(0, 20).join(', ') || 'nothing',
      );
    }
  }
  return fillText(text, at, context);
}

/** `reason` where `fields.reason` is meant is a commoner slip than a wrong letter. */
function nearestName(name: string, known: readonly string[]): string | undefined {
  const [own, ...others] = [name, ...known].map((each) => each.slice(each.indexOf('.') + 1));
  const close = nearest(own ?? name, others);
  return known.find((each) => each.endsWith(`.${own}`)) ?? known.find((each) => each.endsWith(`.${close}`));
}
