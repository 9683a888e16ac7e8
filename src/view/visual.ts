import type { ModelCopy, Visual } from '../core/model';

/** One number of `mjVisual`, or `fallback` where the model's copy lacks it. */
export function visualNumber(model: ModelCopy, group: keyof Visual, field: string, fallback: number): number {
  const value = model.vis[group][field];
  return typeof value === 'number' ? value : fallback;
}
