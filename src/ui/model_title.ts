import type { ModelInfo } from '../app/api';

/** What people call a model, and where it came from when that says something more. */
export function modelTitle({ name, origin }: ModelInfo): {
  readonly title: string;
  readonly from: string | null;
} {
  // A title of the catalogue says more than the model's own name; an address or a file name does not.
  return /[/.:]/.test(origin) ? { title: name, from: origin } : { title: origin, from: null };
}
