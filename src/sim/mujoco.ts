import factory, { type MainModule } from '@mujoco/mujoco';

export type Mujoco = MainModule;

/**
 * Bytes of C stack per instance. The build's own 64 KB abort the module on a chain of 200 bodies; 8 MB held one of
 * 490, and MuJoCo's other limits come before that is used up.
 */
const STACK_BYTES = 8 << 20;

/** The number behind a MuJoCo enum constant as embind gives it. */
export function enumValue(constant: { readonly value?: number }): number {
  if (constant.value === undefined) throw new TypeError('not a MuJoCo enum constant');
  return constant.value;
}

/** What the loader needs of the wasm's raw exports. */
interface StackExports {
  malloc(bytes: number): number;
  _emscripten_stack_restore(address: number): void;
}

function isStackExports(value: unknown): value is StackExports {
  return (
    typeof value === 'object' &&
    value !== null &&
    'malloc' in value &&
    typeof value.malloc === 'function' &&
    '_emscripten_stack_restore' in value &&
    typeof value._emscripten_stack_restore === 'function'
  );
}

/**
 * A fresh MuJoCo: its own memory, its own file system, a stack deep enough for real models.
 *
 * @param module the compiled wasm; compiling once and instantiating per model makes a new memory cost milliseconds
 */
export async function instantiateMujoco(module: WebAssembly.Module): Promise<Mujoco> {
  let exports: unknown;
  const mujoco = await factory({
    instantiateWasm(
      imports: WebAssembly.Imports,
      done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
    ) {
      void WebAssembly.instantiate(module, imports).then((instance) => {
        exports = instance.exports;
        done(instance, module);
      });
      return {};
    },
  });
  if (isStackExports(exports)) {
    exports._emscripten_stack_restore(exports.malloc(STACK_BYTES) + STACK_BYTES);
  }
  return mujoco;
}
