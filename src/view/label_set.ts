import { Vector3 } from 'three';
import type { ViewOptions } from '../core/picture';
import { HEADER, VGEOM, type Frame } from '../core/frame';
import type { ModelCopy, NamedKind } from '../core/model';
import { isShown } from './geoms';
import { PLACE_SIZE } from './label_place';
import { bodyPoint } from './quat';

/** What a label is attached to. Sites and tendons are where the engine's visualizer shows them, if it does. */
type Anchor = 'body' | 'joint' | 'geom' | 'camera' | 'light' | 'flex' | 'site' | 'tendon';

/** `mjtObj` of what is found among the visualizer's geoms. */
const OBJTYPE: Partial<Record<Anchor, number>> = { site: 6, tendon: 18 };

/** `mjtTrn`: what an actuator acts on. */
const TRANSMISSION: Readonly<Record<number, Anchor>> = {
  0: 'joint',
  1: 'joint',
  2: 'site',
  3: 'tendon',
  4: 'site',
  5: 'body',
};

/** Kinds that are named after themselves; `mjtLabel` in lower case. */
const OWN: Readonly<Record<string, Anchor>> = {
  body: 'body',
  joint: 'joint',
  geom: 'geom',
  site: 'site',
  camera: 'camera',
  light: 'light',
  tendon: 'tendon',
  flex: 'flex',
};

/** Names to show in the scene and where they belong. */
export class LabelSet {
  readonly texts: readonly string[];
  private readonly ids: readonly number[];
  private readonly anchors: readonly Anchor[];
  private readonly point = new Vector3();

  /** @param selected body that is selected, or null */
  constructor(
    private readonly model: ModelCopy,
    options: ViewOptions,
    selected: number | null,
  ) {
    const list = labelled(model, options, selected);
    this.texts = list.map(({ text }) => text);
    this.ids = list.map(({ id }) => id);
    this.anchors = list.map(({ anchor }) => anchor);
  }

  /** Writes where each label belongs in a frame. */
  place(frame: Frame, out: Float32Array): void {
    for (let i = 0; i < this.ids.length; i++) {
      const anchor = this.anchors[i] ?? 'body';
      const shown = this.find(anchor, this.ids[i] ?? 0, frame, this.point);
      out[PLACE_SIZE * i] = this.point.x;
      out[PLACE_SIZE * i + 1] = this.point.y;
      out[PLACE_SIZE * i + 2] = this.point.z;
      out[PLACE_SIZE * i + 3] = shown ? 1 : 0;
    }
  }

  private find(anchor: Anchor, id: number, frame: Frame, out: Vector3): boolean {
    const { model } = this;
    switch (anchor) {
      case 'body':
        bodyPoint(frame.xpos, frame.xquat, id, model.body_ipos, 3 * id, out);
        return true;
      case 'joint':
        bodyPoint(frame.xpos, frame.xquat, model.jnt_bodyid[id] ?? 0, model.jnt_pos, 3 * id, out);
        return true;
      case 'geom':
        out.fromArray(frame.geom_xpos, 3 * id);
        return true;
      case 'camera':
        out.fromArray(frame.cam_xpos, 3 * id);
        return true;
      case 'light':
        out.fromArray(frame.light_xpos, 3 * id);
        return true;
      case 'flex': {
        const vertex = 3 * (model.flex_faceadr[id] ?? 0);
        if (vertex + 2 >= frame.flexVert.length) return false;
        out.fromArray(frame.flexVert, vertex);
        return true;
      }
      case 'site':
      case 'tendon':
        return findVgeom(frame, OBJTYPE[anchor] ?? -1, id, out);
    }
  }
}

interface Label {
  readonly text: string;
  readonly anchor: Anchor;
  readonly id: number;
}

function labelled(model: ModelCopy, options: ViewOptions, selected: number | null): Label[] {
  const { label } = options;
  if (label === 'selection') {
    return selected === null ? [] : [{ text: nameOf(model, 'body', selected), anchor: 'body', id: selected }];
  }
  if (label === 'actuator') {
    return model.names.actuator.flatMap((_, id): Label[] => {
      const anchor = TRANSMISSION[model.actuator_trntype[id] ?? -1];
      const on = model.actuator_trnid[2 * id] ?? -1;
      return anchor === undefined || on < 0 ? [] : [{ text: nameOf(model, 'actuator', id), anchor, id: on }];
    });
  }
  const anchor = OWN[label];
  if (anchor === undefined) return [];
  return model.names[anchor].flatMap((_, id): Label[] => {
    // The world body has no place worth naming.
    const hidden = anchor === 'body' ? id === 0 : anchor === 'geom' && !isShown(model, options, id);
    return hidden ? [] : [{ text: nameOf(model, anchor, id), anchor, id }];
  });
}

/** The name people gave, or a readable stand-in. */
function nameOf(model: ModelCopy, kind: NamedKind, id: number): string {
  return model.names[kind][id] || `${kind} ${id}`;
}

/** Where the visualizer shows an object first, if it does. */
function findVgeom({ vgeoms, header }: Frame, objtype: number, id: number, out: Vector3): boolean {
  const end = (header[HEADER.vgeomCount] ?? 0) * VGEOM.stride;
  for (let at = 0; at < end; at += VGEOM.stride) {
    if (vgeoms[at + VGEOM.objtype] === objtype && vgeoms[at + VGEOM.objid] === id) {
      out.fromArray(vgeoms, at + VGEOM.pos);
      return true;
    }
  }
  return false;
}
