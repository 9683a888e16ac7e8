import { ARKIT_NAMES, SHAPES } from '../../face/names';

/** One face is written so often, ms: a console cannot take sixty lines a second of everybody. */
const EVERY_MS = 500;
/** Weights below this are left out. */
const LEAST = 0.01;

/** Writes faces to the console, for a developer's eyes. */
export class FaceLog {
  on = false;
  private readonly writtenAt = new Map<string, number>();

  put(name: string, face: Float32Array): void {
    if (!this.on) return;
    const now = performance.now();
    if (now - (this.writtenAt.get(name) ?? -Infinity) < EVERY_MS) return;
    this.writtenAt.set(name, now);
    const parts: string[] = [];
    for (let i = 0; i < SHAPES; i++) {
      const weight = face[i] ?? 0;
      if (weight >= LEAST) parts.push(`${ARKIT_NAMES[i]} ${weight.toFixed(2)}`);
    }
    // oxlint-disable-next-line no-console -- the switch was thrown to see this
    console.log(`face of ${name}: ${parts.length === 0 ? 'at rest' : parts.join(', ')}`);
  }
}
