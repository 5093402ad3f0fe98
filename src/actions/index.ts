// Every kind of action of the product, one line each. The contract suite runs against all of them.
import type { ActionKind } from './action.ts';
import { awsLambda } from './aws-lambda.ts';
import { code } from './code.ts';
import { githubWorkflow } from './github-workflow.ts';
import { http } from './http.ts';

export const actionKinds: readonly ActionKind[] = [githubWorkflow, http, awsLambda, code];
