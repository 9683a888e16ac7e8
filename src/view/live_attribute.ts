import { BufferAttribute, DynamicDrawUsage } from 'three';

/** A vertex attribute fed from a frame: what has not changed since the last one is not uploaded again. */
export class LiveAttribute {
  readonly attribute: BufferAttribute;
  readonly values: Float32Array;
  /** Handed to three.js anew each time, so that uploading allocates nothing. */
  private readonly range = { start: 0, count: 0 };

  /** @param itemSize numbers per vertex */
  constructor(length: number, itemSize: number) {
    this.values = new Float32Array(length);
    this.attribute = new BufferAttribute(this.values, itemSize).setUsage(DynamicDrawUsage);
  }

  /** Takes new values, as many as the attribute has. */
  write(source: Float32Array): void {
    const { values, attribute, range } = this;
    let first = 0;
    let last = values.length - 1;
    while (first <= last && values[first] === source[first]) first++;
    if (first > last) return;
    while (values[last] === source[last]) last--;
    values.set(source);
    const waiting = attribute.updateRanges.length > 0;
    // What an undrawn earlier write changed is still to be uploaded.
    const start = waiting ? Math.min(range.start, first) : first;
    const end = waiting ? Math.max(range.start + range.count, last + 1) : last + 1;
    range.start = start;
    range.count = end - start;
    if (!waiting) attribute.updateRanges.push(range);
    attribute.needsUpdate = true;
  }
}
