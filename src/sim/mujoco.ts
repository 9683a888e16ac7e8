import factory, { type MainModule, type MjModel } from '@mujoco/mujoco';

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

/** Bytes: alignment of the stack pointer in WebAssembly's C ABI. */
const STACK_ALIGNMENT = 16;

/** Where a compiled model lies in MuJoCo's own file system while it is read. */
const BINARY_PATH = '/model.mjb';

/** A model as `mj_saveModel` of the same build wrote it; never one from anywhere else, which the engine would trust. */
export function loadBinary(mujoco: Mujoco, mjb: Uint8Array): MjModel {
  const vfs = new mujoco.MjVFS();
  mujoco.FS.writeFile(BINARY_PATH, mjb);
  try {
    return mujoco.MjModel.from_binary_path(BINARY_PATH, vfs);
  } finally {
    mujoco.FS.unlink(BINARY_PATH);
    vfs.delete();
  }
}

/** What is needed of the wasm's raw exports. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  malloc(bytes: number): number;
  _emscripten_stack_restore(address: number): void;
}

function isExports(value: object): value is Exports {
  return (
    'memory' in value &&
    value.memory instanceof WebAssembly.Memory &&
    'malloc' in value &&
    typeof value.malloc === 'function' &&
    '_emscripten_stack_restore' in value &&
    typeof value._emscripten_stack_restore === 'function'
  );
}

/**
 * A fresh MuJoCo: its own memory, its own file system, a stack deep enough for real models.
 *
 * Its environment variables are empty. Emscripten would fill in the browser's language and the program's name; their
 * length moves what is allocated after them, and the compiler's results depend on addresses (measured: with some
 * lengths the last bits of `body_inertia` differ), so that two browsers would compile two different models.
 *
 * @param module the compiled wasm; compiling once and instantiating per model makes a new memory cost milliseconds
 */
export async function instantiateMujoco(module: WebAssembly.Module): Promise<Mujoco> {
  const raw: { exports: Exports | null } = { exports: null };
  const environment = {
    environ_get: () => 0,
    environ_sizes_get: (count: number, bytes: number) => {
      const view = new DataView((raw.exports ?? missing()).memory.buffer);
      view.setUint32(count, 0, true);
      view.setUint32(bytes, 0, true);
      return 0;
    },
  };
  const mujoco = await new Promise<Mujoco>((resolve, reject) => {
    factory({
      instantiateWasm(
        imports: WebAssembly.Imports,
        done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
      ) {
        const wasi = { ...imports.wasi_snapshot_preview1, ...environment };
        WebAssembly.instantiate(module, { ...imports, wasi_snapshot_preview1: wasi }).then((instance) => {
          raw.exports = isExports(instance.exports) ? instance.exports : missing();
          done(instance, module);
          // Emscripten itself would wait forever for an instance that cannot be made.
        }, reject);
        return {};
      },
    }).then(resolve, reject);
  });
  const { malloc, _emscripten_stack_restore: restoreStack } = raw.exports ?? missing();
  // The wasm ABI wants 16: compiled code ORs offsets into stack addresses, so that with malloc's 8 results go wrong
  // in silence (texture faces lost, last bits of inertias moving with the address).
  restoreStack((malloc(STACK_BYTES) + STACK_BYTES) & ~(STACK_ALIGNMENT - 1));
  return mujoco;
}

function missing(): never {
  throw new Error('this MuJoCo build does not export its memory and stack');
}
