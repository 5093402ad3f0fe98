// The query protocol: a form with an Action goes in, XML comes out.
import type { AwsAnswer, AwsService, CallContext } from './aws-service.ts';
import { AwsProblem } from './problem.ts';

/** What `Action` and `Version` leave of the form. */
export type Form = Readonly<Record<string, string>>;
/** The result as it stands in the XML: lists become `member`s. */
export type Xml =
  string | number | boolean | Date | readonly Xml[] | { readonly [name: string]: Xml | undefined };

export interface QueryService {
  readonly signingName: string;
  readonly version: string;
  readonly namespace: string;
  /** One that answers nothing has no result in its answer. */
  readonly operations: {
    readonly [name: string]: (form: Form, context: CallContext) => Xml | undefined;
  };
  /** Before each operation: its limits. */
  before?(operation: string, context: CallContext): void;
}

export function queryService(service: QueryService): AwsService {
  const { signingName, version, namespace, operations, before } = service;
  const operationOf: AwsService['operationOf'] = ({ body }) => {
    const name = new URLSearchParams(body).get('Action') ?? '';
    return Object.hasOwn(operations, name) ? name : undefined;
  };
  return {
    signingName,
    operationOf,
    serve(request, context) {
      const { Action = '', Version, ...form } = Object.fromEntries(new URLSearchParams(request.body));
      const run = operations[Action];
      if (run === undefined || Version !== version)
        throw new AwsProblem(
          400,
          'InvalidAction',
          `Could not find operation ${Action} for version ${Version}`,
        );
      before?.(Action, context);
      const result = run(form, context);
      const inner = result === undefined ? '' : `<${Action}Result>${xml(result)}</${Action}Result>`;
      const id = `<ResponseMetadata><RequestId>${context.requestId}</RequestId></ResponseMetadata>`;
      return answer(
        200,
        `<${Action}Response xmlns="${namespace}">${inner}${id}</${Action}Response>`,
        context.requestId,
      );
    },
    refuse({ status, code, message }, requestId) {
      const type = status >= 500 ? 'Receiver' : 'Sender';
      const error = xml({ Error: { Type: type, Code: code, Message: message }, RequestId: requestId });
      return answer(status, `<ErrorResponse xmlns="${namespace}">${error}</ErrorResponse>`, requestId);
    },
  };
}

/** Refuses what the operation does not know, and what it lacks. */
export function formOf(
  form: Form,
  {
    required = [],
    optional = [],
  }: { readonly required?: readonly string[]; readonly optional?: readonly string[] },
): (name: string) => string {
  for (const name of Object.keys(form))
    if (!required.includes(name) && !optional.includes(name.replace(/\.member\.\d+.*$/, '')))
      throw new AwsProblem(400, 'ValidationError', `Unknown parameter ${name}`);
  for (const name of required)
    if (!form[name])
      throw new AwsProblem(
        400,
        'ValidationError',
        `Value null at '${name}' failed to satisfy constraint: Member must not be null`,
      );
  return (name) => form[name] ?? '';
}

function xml(value: Xml): string {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((each: Xml) => `<member>${xml(each)}</member>`).join('');
  if (typeof value !== 'object') return escaped(String(value));
  return Object.entries(value)
    .map(([name, each]) => (each === undefined ? '' : `<${name}>${xml(each)}</${name}>`))
    .join('');
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function answer(status: number, body: string, requestId: string): AwsAnswer {
  return { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body };
}
