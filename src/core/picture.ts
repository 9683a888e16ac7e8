import type { Vec3 } from './vec';

/** What a person chooses about the picture: a local matter that never touches the simulation. */

/** Where the view looks from, in MuJoCo's terms (`mjvCamera`). */
export interface CameraPose {
  readonly lookat: Vec3;
  /** m. */
  readonly distance: number;
  /** Degrees. */
  readonly azimuth: number;
  readonly elevation: number;
  /** Id of the model camera looked through, or null. */
  readonly fixed: number | null;
  /** Id of the body followed, or null. */
  readonly track: number | null;
}

/** How the scene is drawn. */
export interface ViewOptions {
  readonly shadows: boolean;
  readonly reflections: boolean;
  readonly skybox: boolean;
  readonly haze: boolean;
  readonly fog: boolean;
  readonly wireframe: boolean;
  /** Show every geom half transparent, as native `t` does. */
  readonly transparent: boolean;
  /** Visibility of groups 0..5. */
  readonly geomGroups: readonly boolean[];
  readonly siteGroups: readonly boolean[];
  /** `mjtVisFlag` names without `mjVIS_`, lower case, e.g. `contactpoint`, `contactforce`, `joint`, `com`. */
  readonly flags: Readonly<Record<string, boolean>>;
  /** `mjtLabel` and `mjtFrame` by lower-case name, e.g. `body`, `geom`, `none`. */
  readonly label: string;
  readonly frame: string;
  /** Device pixels per CSS pixel at most: less is faster. */
  readonly maxPixelRatio: number;
}
