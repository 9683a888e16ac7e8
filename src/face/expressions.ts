import type { ArkitName } from './names';

/** A part of a face's pose; shapes that are not named stay as they are. */
export type PartialFace = Readonly<Partial<Record<ArkitName, number>>>;

/** The name of a shape of which there is one on either side, without the side. */
type Paired = ArkitName extends infer N ? (N extends `${infer Base}Left` ? Base : never) : never;

/** Writes shapes that both sides have alike once. */
export function both(
  weights: Readonly<Partial<Record<Paired, number>>>,
  rest: PartialFace = {},
): PartialFace {
  const pose: Record<string, number> = { ...rest };
  for (const [name, weight] of Object.entries(weights)) {
    pose[`${name}Left`] = weight;
    pose[`${name}Right`] = weight;
  }
  return pose;
}

/** Consonants of the sample takes, by how the mouth makes them. */
export const CONSONANTS: readonly PartialFace[] = [
  // p, b, m: lips shut although the jaw is not.
  both({ mouthPress: 0.35 }, { jawOpen: 0.12, mouthClose: 0.12, mouthRollLower: 0.3, mouthRollUpper: 0.25 }),
  // f, v
  both({ mouthUpperUp: 0.12 }, { jawOpen: 0.08, mouthRollLower: 0.5, mouthShrugUpper: 0.2 }),
  // th
  both({ mouthLowerDown: 0.2 }, { jawOpen: 0.16, tongueOut: 0.25 }),
  // d, t, n, l
  both({ mouthLowerDown: 0.18, mouthStretch: 0.1 }, { jawOpen: 0.12, mouthShrugLower: 0.1 }),
  // k, g
  both({ mouthLowerDown: 0.15, mouthUpperUp: 0.08 }, { jawOpen: 0.18 }),
  // ch, sh
  both({ mouthUpperUp: 0.15, mouthLowerDown: 0.2 }, { jawOpen: 0.08, mouthFunnel: 0.45, mouthPucker: 0.2 }),
  // s, z
  both({ mouthStretch: 0.25, mouthLowerDown: 0.25, mouthDimple: 0.15 }, { jawOpen: 0.04 }),
  // r
  both({ mouthLowerDown: 0.12 }, { jawOpen: 0.1, mouthFunnel: 0.3, mouthPucker: 0.25 }),
];

/** Vowels of the sample takes, stressed. */
export const VOWELS: readonly PartialFace[] = [
  // a
  both({ mouthLowerDown: 0.35, mouthUpperUp: 0.15, mouthStretch: 0.12 }, { jawOpen: 0.55, mouthClose: 0.08 }),
  // e
  both({ mouthLowerDown: 0.35, mouthUpperUp: 0.15, mouthSmile: 0.25, mouthDimple: 0.2 }, { jawOpen: 0.3 }),
  // i
  both({ mouthLowerDown: 0.28, mouthSmile: 0.35, mouthStretch: 0.3, mouthDimple: 0.2 }, { jawOpen: 0.15 }),
  // o
  both({ mouthLowerDown: 0.12 }, { jawOpen: 0.38, mouthFunnel: 0.5, mouthPucker: 0.3, mouthClose: 0.1 }),
  // u
  both({ mouthLowerDown: 0.08 }, { jawOpen: 0.16, mouthFunnel: 0.35, mouthPucker: 0.65, mouthClose: 0.06 }),
];

/** Emotions of the sample takes, at their strongest. */
export const EMOTIONS: readonly PartialFace[] = [
  // A smile that reaches the eyes.
  both({ mouthSmile: 0.75, cheekSquint: 0.5, eyeSquint: 0.4, mouthDimple: 0.2, mouthUpperUp: 0.2 }),
  // A laugh.
  both(
    { mouthSmile: 0.9, cheekSquint: 0.7, eyeSquint: 0.6, mouthUpperUp: 0.45, mouthLowerDown: 0.5 },
    { jawOpen: 0.5, browInnerUp: 0.2 },
  ),
  // Surprise.
  both({ eyeWide: 0.7, browOuterUp: 0.7 }, { browInnerUp: 0.8, jawOpen: 0.35, mouthFunnel: 0.15 }),
  // Anger.
  both(
    { browDown: 0.75, noseSneer: 0.5, eyeSquint: 0.3, mouthPress: 0.5, mouthFrown: 0.3 },
    { jawForward: 0.2, mouthRollLower: 0.2 },
  ),
  // Sadness.
  both(
    { mouthFrown: 0.6, mouthStretch: 0.15 },
    { browInnerUp: 0.6, mouthShrugLower: 0.5, mouthShrugUpper: 0.3 },
  ),
  // Disgust.
  both({ noseSneer: 0.8, mouthUpperUp: 0.55, browDown: 0.4, eyeSquint: 0.4, cheekSquint: 0.3 }),
  // Doubt, with one side of the face.
  { browOuterUpLeft: 0.6, browDownRight: 0.3, mouthLeft: 0.35, mouthSmileLeft: 0.25, mouthPressRight: 0.3 },
  // Puffed cheeks.
  both({ mouthPress: 0.3 }, { cheekPuff: 0.7, mouthPucker: 0.3, mouthClose: 0.05 }),
];
