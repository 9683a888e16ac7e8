import type { GlbKind } from './glb_head';
import type { FaceLook } from '../face/look';

/** A head in the scene: somebody's, at their place or on an object of the model. */
export interface SceneHead {
  /** `Peer.id` as a number. */
  readonly seat: number;
  /** Where it is: at the person's view position, or on a body or site. */
  readonly on: 'person' | { readonly body: number } | { readonly site: number };
  /** Height of the head, m; of a person's null: as large as suits the model. */
  readonly size: number | null;
  readonly look: FaceLook;
  /** The person's own, `#rrggbb`. */
  readonly colour: string;
  /** Their own head, once it is here. */
  readonly glb: GlbKind | null;
  /** CHANNELS numbers (`src/face/frame.ts`), read with every picture: the app writes newer ones into the same array. */
  readonly face: Float32Array;
}
