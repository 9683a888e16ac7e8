/** The buffers of those parts that are views of one, to be handed to another thread. */
export function buffersOf(parts: readonly unknown[]): ArrayBuffer[] {
  return parts.flatMap((part) =>
    ArrayBuffer.isView(part) && part.buffer instanceof ArrayBuffer ? [part.buffer] : [],
  );
}
