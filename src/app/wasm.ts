import { url } from 'virtual:mujoco-wasm';
import { SimroomError } from '../core/errors';

/** Fetches and compiles MuJoCo's wasm once for all workers, while it is still coming in. */
export async function compileMujoco(): Promise<WebAssembly.Module> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (cause) {
    throw new SimroomError('fetch-failed', 'MuJoCo could not be fetched: check the network and reload.', {
      cause,
    });
  }
  if (!response.ok) {
    throw new SimroomError(
      'fetch-failed',
      `MuJoCo could not be fetched (${response.status} for ${url}): the app is not completely deployed.`,
    );
  }
  try {
    return await WebAssembly.compileStreaming(response.clone());
  } catch {
    // A host that does not serve wasm as application/wasm refuses streaming, nothing else.
    return WebAssembly.compile(await response.arrayBuffer());
  }
}
