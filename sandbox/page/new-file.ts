// What a new file of the flows begins with, and what a proposal of it is called until somebody says otherwise.

/** Valid as it stands in the desk of the sandbox: a name is all that is missing. */
export const newFlow = `# The file's name is the flow's name. Every key: docs/reference/flow.md
label: A new flow
description: What it is good for, in a sentence.

requesters: [team:acme/engineering]
fields:
  reason:
    type: string
    label: Why do you need it?

approval:
  steps:
    - name: platform
      approvers: [team:acme/platform]
`;

/** Of the flow above; people go by their keys in people.yml. */
export const newScenarios = `# What should come of a request. Every key: docs/reference/scenarios.md
given:
  groups:
    team:acme/engineering: [ann]
    team:acme/platform: [max]
  request: { requester: ann, fields: { reason: Trying it out } }

scenarios:
  - name: somebody of the platform team says yes
    expect: { status: pending, asks: [platform] }
    then:
      - { approve: max, expect: { status: approved } }

  - name: only engineers ask
    given: { request: { requester: max } }
    expect: { refused: not-a-requester }
`;

/** Where the scenarios of the first new flow go that has none yet; empty where none waits for them. */
export function missingScenarios(
  files: ReadonlyArray<{ readonly path: string; readonly change: string }>,
): string {
  const paths = files.filter(({ change }) => change === 'added').map(({ path }) => path);
  const flow = paths.find((path) => isFlow(path) && !paths.includes(path.replace(/\.yml$/, '.test.yml')));
  return flow?.replace(/\.yml$/, '.test.yml') ?? '';
}

function isFlow(path: string): boolean {
  return /^flows\/.+\.yml$/.test(path) && !/(\.test|\/people|\/countersign)\.yml$/.test(path);
}

/** Empty until the file has a name. */
export function wordsFor(path: string): { readonly title: string; readonly branch: string } {
  const name = path.replace(/^.*\//, '');
  const bare = name.replace(/(\.test)?\.ya?ml$/, '');
  return bare === ''
    ? { title: 'A new flow', branch: 'new-flow' }
    : { title: `Add ${name}`, branch: bare.replaceAll(/[^\w.-]+/g, '-') };
}
