// Every source of options, one line each.
import { github } from './github.ts';
import { http } from './http.ts';
import type { OptionSource } from './option-source.ts';

export const optionSources: readonly OptionSource[] = [http, github];
