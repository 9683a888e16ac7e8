import { HAIR_COLOURS, IRIS_COLOURS, SKIN_TONES } from '../../face/head/colours';
import { STYLE_NAMES, type Rgb, type StyleName } from '../../face/head/style';

/** What there is to choose from, for people: see `FaceLook` and `FaceApi.tune`. */

export { REGIONS } from '../../face/regions';
export { MAX_GAIN } from '../../face/tuning';
export { BRIDGE_PORT } from '../../face/sources/bridge_messages';
export { STYLE_NAMES, type StyleName };

/** CSS colours of each style's skins, in the order of `FaceLook.skin`. */
export const SKINS: Readonly<Record<StyleName, readonly string[]>> = {
  android: SKIN_TONES.android.map(css),
  human: SKIN_TONES.human.map(css),
  robot: SKIN_TONES.robot.map(css),
};
/** In the order of `FaceLook.hair` and `FaceLook.iris`. */
export const HAIRS: readonly string[] = HAIR_COLOURS.map(css);
export const IRISES: readonly string[] = IRIS_COLOURS.map(css);

function css([r, g, b]: Rgb): string {
  return `rgb(${[r, g, b].map((part) => Math.round(255 * part)).join(' ')})`;
}
