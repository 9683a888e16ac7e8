import { Suspense, type ComponentType } from 'react';
import type { ModelInfo, Role } from '../../app/api';
import type { PanelId } from '../../state/prefs';
import { useApp } from '../../state/store';
import { useRefusal } from '../room/use_refusal';

export interface Panel {
  readonly id: PanelId;
  readonly body: ComponentType;
  /** Figure beside the title, such as how many there are. */
  readonly count?: (model: ModelInfo) => number;
  /** It is about the people of the room, not about the model. */
  readonly ofRoom?: boolean;
  /** It is not about the model, and stays as it is when another one comes. */
  readonly lasting?: boolean;
  /** The role that it takes to use it. */
  readonly needs?: Role;
}

export interface PanelListProps {
  readonly panels: readonly Panel[];
  readonly model: ModelInfo | null;
}

/** The figure beside a panel's title. */
export function PanelCount({ panel, model }: { readonly panel: Panel; readonly model: ModelInfo | null }) {
  const people = useApp((s) => s.peers.length);
  const unread = useApp((s) => s.unread);
  if (panel.id === 'chat') return unread === 0 ? null : <span className="count new">{unread} new</span>;
  const count = panel.id === 'people' ? people : model === null ? undefined : panel.count?.(model);
  return count === undefined ? null : <span className="count">{count}</span>;
}

/** A panel's contents, made anew for each model; room is kept while its code arrives. */
export function PanelBody({ panel }: { readonly panel: Panel }) {
  const { body: Body, ofRoom, lasting = ofRoom, needs = 'viewer' } = panel;
  const model = useApp((s) => (lasting === true ? null : s.model));
  const generation = useGeneration(model);
  const refusal = useRefusal(needs);
  return (
    <Suspense key={generation} fallback={<div className="panel-wait" />}>
      {refusal === null ? (
        <Body />
      ) : (
        <fieldset className="refused" disabled title={refusal}>
          <p className="refusal">{refusal}</p>
          <Body />
        </fieldset>
      )}
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
