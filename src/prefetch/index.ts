// Every source of options of the product, one line each. The contract suite runs against all of them.
import { code } from './code.ts';
import { github } from './github.ts';
import { http } from './http.ts';
import { lambda } from './lambda.ts';
import type { OptionSource } from './option-source.ts';

export const optionSources: readonly OptionSource[] = [code, github, http, lambda];
