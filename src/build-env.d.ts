/** What the build puts into the code; the same in pages, workers and tests. */

/** Version of the package, e.g. `0.1.0`. */
declare const __APP_VERSION__: string;

/** Short commit hash of the build, or `dev` outside a Git checkout. */
declare const __BUILD_ID__: string;

/** MuJoCo's wasm without its debug sections: see `scripts/vite/mujoco_wasm.ts`. */
declare module 'virtual:mujoco-wasm' {
  /** Where to fetch it; content-hashed in a build. */
  export const url: string;
  /** Hex digest of its bytes: replicas must share it to be bit-identical. */
  export const sha256: string;
  export const bytes: number;
}

/** Models and wasm of the face tracker, fetched when they are first needed: see `scripts/vite/face_models.ts`. */
declare module 'virtual:face-models' {
  export const detectorTopology: string;
  export const detectorWeights: string;
  export const meshTopology: string;
  export const meshWeights: string;
  export const irisTopology: string;
  export const irisWeights: string;
  export const wasmSimd: string;
  export const wasmPlain: string;
  export const mediapipeLoader: string;
  export const mediapipeWasm: string;
  /** Sizes of these files by their names here. */
  export const bytes: Readonly<Record<string, number>>;
}
