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
interface StackExports {
  malloc(bytes: number): number;
  _emscripten_stack_restore(address: number): void;
}

function isStackExports(value: object): value is StackExports {
  return (
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
  let moveStack = (): void => {
    throw new Error('this MuJoCo build does not export its stack');
  };
  const mujoco = await new Promise<Mujoco>((resolve, reject) => {
    factory({
      instantiateWasm(
        imports: WebAssembly.Imports,
        done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
      ) {
        WebAssembly.instantiate(module, imports).then((instance) => {
          const { exports } = instance;
          if (isStackExports(exports)) moveStack = () => enlargeStack(exports);
          done(instance, module);
          // Emscripten itself would wait forever for an instance that cannot be made.
        }, reject);
        return {};
      },
    }).then(resolve, reject);
  });
  moveStack();
  return mujoco;
}

/**
 * Gives an instance a larger stack.
 *
 * The wasm ABI wants it aligned to 16 bytes: compiled code ORs offsets into stack addresses, so that with malloc's 8
 * results go wrong in silence (texture faces lost, the last bits of inertias moving with the address).
 */
function enlargeStack({ malloc, _emscripten_stack_restore: restore }: StackExports): void {
  restore((malloc(STACK_BYTES) + STACK_BYTES) & ~(STACK_ALIGNMENT - 1));
}
