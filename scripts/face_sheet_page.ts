import { ColorManagement, LinearSRGBColorSpace, WebGLRenderer } from 'three';
import { coloursFor } from '../src/face/head/colours';
import type { StyleName } from '../src/face/head/style';
import { ARKIT_NAMES, SHAPE, SHAPES } from '../src/face/names';
import { HeadKinds } from '../src/view/head_kinds';
import { HeadPortraits } from '../src/view/head_portraits';

/** The page of `face_sheet.ts`: draws the sheets with the app's own portraits. */

/** Names without a side stand for both. */
type Face = Readonly<Record<string, number>>;

/** Faces that shapes make together: moods, then what a mouth says. */
const EXPRESSIONS: Readonly<Record<string, Face>> = {
  joy: {
    mouthSmile: 0.9,
    cheekSquint: 0.7,
    eyeSquint: 0.35,
    jawOpen: 0.3,
    mouthUpperUp: 0.25,
    browOuterUp: 0.25,
  },
  smile: { mouthSmile: 0.6, cheekSquint: 0.3 },
  laughter: {
    mouthSmile: 1,
    cheekSquint: 1,
    eyeBlink: 1,
    jawOpen: 0.65,
    mouthUpperUp: 0.4,
    browInnerUp: 0.3,
  },
  sadness: { mouthFrown: 0.8, browInnerUp: 1, mouthShrugLower: 0.5, eyeLookDown: 0.35, eyeSquint: 0.2 },
  surprise: { jawOpen: 0.6, browInnerUp: 0.9, browOuterUp: 1, eyeWide: 1, mouthFunnel: 0.3 },
  anger: { browDown: 1, noseSneer: 0.7, eyeSquint: 0.4, mouthFrown: 0.4, mouthPress: 0.5, eyeWide: 0.3 },
  disgust: { noseSneer: 1, mouthUpperUp: 0.6, browDown: 0.6, eyeSquint: 0.5, mouthFrown: 0.5 },
  fear: { eyeWide: 0.9, browInnerUp: 1, mouthStretch: 0.8, jawOpen: 0.25 },
  wink: { eyeBlinkLeft: 1, mouthSmile: 0.7, cheekSquintLeft: 0.7, browDownLeft: 0.2, browOuterUpRight: 0.4 },
  doubt: { eyeLookUp: 0.6, browDownLeft: 0.5, browOuterUpRight: 0.8, mouthLeft: 0.6, mouthPucker: 0.3 },
  sleep: { eyeBlink: 0.55, eyeLookDown: 0.3 },
  kiss: { mouthPucker: 1, eyeBlink: 1 },
  tongue: { tongueOut: 1, jawOpen: 0.5, mouthSmile: 0.5 },
  aa: { jawOpen: 0.65, mouthLowerDown: 0.2 },
  ee: { jawOpen: 0.2, mouthStretch: 0.5, mouthSmile: 0.4, mouthLowerDown: 0.4, mouthUpperUp: 0.3 },
  oo: { mouthPucker: 0.8, mouthFunnel: 0.35, jawOpen: 0.18 },
  oh: { mouthFunnel: 0.8, jawOpen: 0.45 },
  mm: { jawOpen: 0.1, mouthClose: 0.1, mouthPress: 0.5, mouthRollLower: 0.35, mouthRollUpper: 0.35 },
  ff: { jawOpen: 0.1, mouthRollLower: 0.7, mouthUpperUp: 0.4 },
  'jawOpen + mouthClose': { jawOpen: 1, mouthClose: 1 },
  'blink + squint': { eyeBlink: 1, eyeSquint: 1 },
  'pucker + funnel': { mouthPucker: 1, mouthFunnel: 1 },
};

const COLUMNS = 12;
const LABEL_PX = 14;
const BACKGROUND = '#8a929c';

ColorManagement.enabled = false;
const renderer = new WebGLRenderer({ antialias: true });
renderer.outputColorSpace = LinearSRGBColorSpace;
const portraits = new HeadPortraits(new HeadKinds());

/** Neutral, all shapes, then expressions, as a PNG's data URL; `size` of each face in pixels. */
window.faceSheet = async (style: StyleName, size: number): Promise<string> => {
  const faces: [string, Face][] = [
    ['neutral', {}],
    ...ARKIT_NAMES.map((name): [string, Face] => [name, { [name]: 1 }]),
    ...Object.entries(EXPRESSIONS),
  ];
  const sheet = canvas(COLUMNS * size, Math.ceil(faces.length / COLUMNS) * (size + LABEL_PX));
  const colours = coloursFor(style, 0);
  const drawn = faces.map(([, face]) => ({
    style,
    colours,
    weights: weightsOf(face),
    context: canvas(size, size),
  }));
  await portraits.draw(renderer, drawn);
  sheet.fillStyle = '#fff';
  sheet.fillRect(0, 0, sheet.canvas.width, sheet.canvas.height);
  sheet.font = `${LABEL_PX - 4}px sans-serif`;
  drawn.forEach(({ context }, i) => {
    const [x, y] = [(i % COLUMNS) * size, Math.floor(i / COLUMNS) * (size + LABEL_PX)];
    sheet.fillStyle = BACKGROUND;
    sheet.fillRect(x, y, size, size);
    sheet.drawImage(context.canvas, x, y);
    sheet.fillStyle = '#000';
    sheet.fillText(faces[i]?.[0] ?? '', x + 2, y + size + LABEL_PX - 4, size - 4);
  });
  return sheet.canvas.toDataURL('image/png');
};

function weightsOf(face: Face): Float32Array {
  const weights = new Float32Array(SHAPES);
  for (const name of ARKIT_NAMES)
    weights[SHAPE[name]] = face[name] ?? face[name.replace(/Left$|Right$/, '')] ?? 0;
  return weights;
}

function canvas(width: number, height: number): CanvasRenderingContext2D {
  const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d');
  if (context === null) throw new Error('no 2D canvas');
  return context;
}

declare global {
  interface Window {
    faceSheet: (style: StyleName, size: number) => Promise<string>;
  }
}
