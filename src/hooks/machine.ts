// The engine of one sandbox: QuickJS in WebAssembly, with bounds on memory, stack and time, and no import that leads outside.
import { Buffer } from 'node:buffer';
import * as packaged from '@jitl/quickjs-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  type QuickJSSyncVariant,
} from 'quickjs-emscripten-core';
import type { CodeLimits } from './limits.ts';
import type { RoomOutcome } from './messages.ts';

export interface Machine {
  readonly runtime: QuickJSRuntime;
  readonly context: QuickJSContext;
  readonly limits: CodeLimits;
  /** When what runs now is interrupted. */
  deadline: number;
  isInterrupted: boolean;
  /**
   * Whether it holds more than it began with. For the same reason it seldom looks for garbage that refers to itself, which
   * stays from call to call: where it has grown, the next call is to have another.
   */
  hasGrown(): boolean;
}

const pageBytes = 64 * 1024;
/** What the engine is built to begin with: 16 MB. */
const initialPages = 256;

export async function createMachine(limits: CodeLimits): Promise<Machine> {
  const bytes = limits.memoryMb * 1024 * 1024;
  // What bounds it: as WebAssembly, the engine does not count what it gives out, and its own limit stops large pieces alone.
  const memory = new WebAssembly.Memory({ initial: initialPages, maximum: initialPages + bytes / pageBytes });
  const quickJs = await newQuickJSWASMModuleFromVariant(
    newVariant(withFastTexts(syncVariant(packaged.default)), { wasmMemory: memory }),
  );
  const runtime = quickJs.newRuntime({ memoryLimitBytes: bytes, maxStackSizeBytes: limits.stackKb * 1024 });
  const machine: Machine = {
    runtime,
    context: runtime.newContext(),
    limits,
    deadline: Infinity,
    isInterrupted: false,
    hasGrown: () => memory.buffer.byteLength > initialPages * pageBytes,
  };
  runtime.setInterruptHandler(() => {
    machine.isInterrupted ||= performance.now() > machine.deadline;
    return machine.isInterrupted;
  });
  return machine;
}

/** Texts go in as Node encodes them: character by character in JavaScript, an event took longer than the call that it is for. */
function withFastTexts(variant: QuickJSSyncVariant): QuickJSSyncVariant {
  const encoder = new TextEncoder();
  return {
    ...variant,
    async importModuleLoader() {
      const imported = await variant.importModuleLoader();
      const unpacked = typeof imported === 'function' ? imported : imported.default;
      const load = typeof unpacked === 'function' ? unpacked : unpacked.default;
      return async (options) => {
        const module = await load(options);
        module.lengthBytesUTF8 = (text) => Buffer.byteLength(text);
        module.stringToUTF8 = (text, at, space = 0) => {
          // The memory may have grown, and its view with it. The last byte ends the text.
          const { written } = encoder.encodeInto(text, module.HEAPU8.subarray(at, at + space - 1));
          module.HEAPU8[at + written] = 0;
        };
        return module;
      };
    },
  };
}

/** What the package says of its types is true of CommonJS alone. */
function syncVariant(found: unknown): QuickJSSyncVariant {
  if (isSyncVariant(found)) return found;
  throw new Error('The package of the engine is not as expected.');
}
function isSyncVariant(found: unknown): found is QuickJSSyncVariant {
  return typeof found === 'object' && found !== null && 'type' in found && found.type === 'sync';
}

/** An error that got past the kernel: of a file that was read, or of the engine. */
export function tellError({ runtime, context }: Machine, error: QuickJSHandle): RoomOutcome {
  // To tell it takes a little memory itself.
  runtime.setMemoryLimit(-1);
  const told = error.consume((it) => ({
    name: part(context, it, 'name'),
    message: part(context, it, 'message'),
    stack: part(context, it, 'stack'),
  }));
  const isMemory = told.name === 'InternalError' && told.message === 'out of memory';
  return { kind: isMemory ? 'memory' : 'threw', text: JSON.stringify(told), isSound: false };
}

function part(context: QuickJSContext, error: QuickJSHandle, name: string): string {
  if (context.typeof(error) !== 'object') return name === 'message' ? 'something that is no error' : '';
  return context
    .getProp(error, name)
    .consume((value) => (context.typeof(value) === 'string' ? context.getString(value).slice(0, 2000) : ''));
}
