import { Suspense, type ComponentType, type ReactNode } from 'react';
import type { ModelInfo } from '../../app/api';
import type { PanelId } from '../../state/prefs';
import { useApp } from '../../state/store';

export interface Panel {
  readonly id: PanelId;
  readonly body: ComponentType;
  /** Figure beside the title, such as how many there are. */
  readonly count?: (model: ModelInfo) => number;
}

export interface PanelListProps {
  readonly panels: readonly Panel[];
  readonly model: ModelInfo | null;
}

/** A panel's contents, made anew for each model; room is kept while its code arrives. */
export function PanelBody({ children }: { readonly children: ReactNode }) {
  const model = useApp((s) => s.model);
  const generation = useGeneration(model);
  return (
    <Suspense key={generation} fallback={<div className="panel-wait" />}>
      {children}
    </Suspense>
  );
}

const generations = new WeakMap<ModelInfo, number>();
let lastGeneration = 0;

/** A number that differs from model to model, reloads included. */
function useGeneration(model: ModelInfo | null): number {
  if (model === null) return 0;
  let generation = generations.get(model);
  if (generation === undefined) {
    generation = ++lastGeneration;
    generations.set(model, generation);
  }
  return generation;
}
