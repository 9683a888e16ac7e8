import { buildIfStale } from '../scripts/lib/build';

/** The tests run against `dist/`, as a visitor would: it must show the sources as they are. */
export default async function setup(): Promise<void> {
  await buildIfStale();
}
