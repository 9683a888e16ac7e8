import { BULK_CHUNK_BYTES } from './limits';
import { type Carried, blob, struct, union, varint } from './schema';

/**
 * Messages on `bulk`: large things in chunks, acknowledged so that the sender can pace itself by the delay it sees.
 */
export const bulk = union({
  chunk: [0, struct({ transfer: varint, offset: varint, bytes: blob(BULK_CHUNK_BYTES) })],
  /** Bytes of the transfer received so far. */
  received: [1, struct({ transfer: varint, bytes: varint })],
  /** Either side gives up. */
  cancel: [2, struct({ transfer: varint })],
});

export type BulkMessage = Carried<typeof bulk>;
