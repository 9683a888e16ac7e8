import { env, io, ready, setBackend } from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter';
import * as files from 'virtual:face-models';
import { SimroomError } from '../core/errors';

/** The three networks of BlazeFace, Face Mesh and Iris, as `@vladmandic/human` packs them. */
export interface FaceModels {
  /** Where in a picture there is a face. */
  readonly detector: GraphModel;
  /** 468 landmarks of a face. */
  readonly mesh: GraphModel;
  /** Lids and iris of an eye. */
  readonly iris: GraphModel;
  dispose(): void;
}

/**
 * Fetches the networks and starts what computes them.
 *
 * @param progress told the part that has arrived, 0 to 1
 * @throws SimroomError `fetch-failed`, `tracker-failed`
 */
export async function loadFaceModels(progress: (part: number) => void): Promise<FaceModels> {
  const meter = new Meter(
    ['detectorTopology', 'detectorWeights', 'meshTopology', 'meshWeights', 'irisTopology', 'irisWeights'],
    progress,
  );
  // More than one thread needs a page that is isolated from others, and gained nothing.
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths({
    'tfjs-backend-wasm.wasm': absolute(files.wasmPlain),
    'tfjs-backend-wasm-simd.wasm': absolute(files.wasmSimd),
    // Never asked for, see above.
    'tfjs-backend-wasm-threaded-simd.wasm': absolute(files.wasmSimd),
  });
  const started = setBackend('wasm').then(async (works) => {
    if (!works) throw new SimroomError('tracker-failed', 'This browser cannot run the face tracker.');
    await ready();
  });
  const [detector, mesh, iris] = await Promise.all([
    load(files.detectorTopology, files.detectorWeights, meter, started),
    load(files.meshTopology, files.meshWeights, meter, started),
    load(files.irisTopology, files.irisWeights, meter, started),
  ]);
  return {
    detector,
    mesh,
    iris,
    dispose() {
      for (const model of [detector, mesh, iris]) model.dispose();
    },
  };
}

async function load(
  topologyUrl: string,
  weightsUrl: string,
  meter: Meter,
  started: Promise<void>,
): Promise<GraphModel> {
  const [topology, weightData] = await Promise.all([
    meter.fetch(topologyUrl),
    meter.fetch(weightsUrl),
    started,
  ]);
  const model = JSON.parse(new TextDecoder().decode(topology)) as io.ModelJSON;
  const artifacts = await io.getModelArtifactsForJSON(model, (manifest) =>
    Promise.resolve([manifest.flatMap(({ weights }) => weights), weightData]),
  );
  return loadGraphModel({ load: () => Promise.resolve(artifacts) });
}

/** Counts what arrives of some files. */
class Meter {
  private readonly total: number;
  private readonly progress: (part: number) => void;
  private arrived = 0;

  constructor(names: readonly string[], progress: (part: number) => void) {
    this.total = names.reduce((sum, name) => sum + (files.bytes[name] ?? 0), 0);
    this.progress = progress;
  }

  async fetch(url: string): Promise<ArrayBuffer> {
    const response = await fetch(absolute(url)).catch((cause: unknown) => {
      throw unreachable(url, 'the network is down', cause);
    });
    if (!response.ok || response.body === null) throw unreachable(url, `status ${response.status}`);
    const counted = response.body.pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform: (chunk, controller) => {
          this.arrived += chunk.byteLength;
          this.progress(Math.min(1, this.arrived / this.total));
          controller.enqueue(chunk);
        },
      }),
    );
    return new Response(counted).arrayBuffer();
  }
}

function unreachable(url: string, why: string, cause?: unknown): SimroomError {
  const file = url.slice(url.lastIndexOf('/') + 1);
  return new SimroomError(
    'fetch-failed',
    `A part of the face tracker, ${file}, could not be fetched: ${why}. Try again when you are online.`,
    { file, cause },
  );
}

/** The worker may run from a `data:` module, whose own address resolves nothing. */
function absolute(url: string): string {
  return new URL(url, import.meta.url).href;
}
