import { SimroomError } from '../../core/errors';
import { STYLE_NAMES } from '../../face/head/style';
import { ARKIT_NAMES } from '../../face/names';
import { REGIONS, type Region } from '../../face/regions';
import { MAX_GAIN } from '../../face/tuning';
import { setWeights } from '../../face/weights';
import type { Ref } from '../api';
import type { FaceApi, FaceLook, HeadAngles, PortraitOf, SourceRequest } from './api';
import { bridgeAddress } from './bridge_address';
import { MAX_SIZE, MIN_SIZE } from './model_places';
import { SOURCE_KINDS, type SourceKind } from './source';

/*
 * What comes in through `simroom.face`, from whatever code: read here once, before anything has changed and whether the
 * rest of the faces has been fetched or not. An argument or option that is undefined counts as left out.
 *
 * Every reader throws `SimroomError` `bad-argument` for what cannot be, `unknown-name` for a name that there is not.
 */

/** Longer texts are no name, address or code, characters. */
const MAX_CHARS = 2048;
/** More is read, not listened to: half an hour of it, characters. */
const MAX_SPOKEN_CHARS = 30_000;
/** Of what is wrong a message shows so much, characters. */
const SHOWN_CHARS = 40;

const CHOICES = ['auto', ...SOURCE_KINDS] as const;
const PHONES = ['ifacialmocap', 'vtubestudio'] as const;

/** Reads one value; `what` begins a sentence about it. */
type Reader<T> = (value: unknown, what: string) => T;
/** A reader for each member. */
type Readers<T> = { readonly [K in keyof T]-?: Reader<T[K] | undefined> };

export type Tune = Parameters<FaceApi['tune']>[1];
export type LookChanges = Parameters<FaceApi['setLook']>[0];
export type On = Parameters<FaceApi['put']>[0];

const REQUESTS: {
  readonly [K in SourceRequest['kind']]: Readers<Omit<Extract<SourceRequest, { kind: K }>, 'kind'>>;
} = {
  webcam: { device: optional(text), task: optional(fileOrAddress) },
  microphone: { device: optional(text) },
  audio: { file: fileOrAddress, silent: optional(flag) },
  text: { text: readSpoken, voice: optional(text), rate: optional(finite) },
  recording: { file: blob, loop: optional(flag) },
  bridge: {
    url: optional(bridgeUrl),
    subject: optional(text),
    code: optional(text),
    phone: optional((value, what) => {
      const { app, address } = membersOf(value, what, ['app', 'address']);
      return { app: oneOf(PHONES)(app, `app of ${what}`), address: text(address, `address of ${what}`) };
    }),
  },
};
const KINDS = Object.keys(REQUESTS) as readonly SourceRequest['kind'][];
const TUNE: Readers<Tune> = {
  gain: optional((value, what) => {
    const gains = membersOf(value, what, ARKIT_NAMES);
    return Object.fromEntries(
      Object.entries(gains).map(([name, gain]) => [name, between(0, MAX_GAIN)(gain, `gain of ${name}`)]),
    );
  }),
  mirrored: optional(flag),
  neutral: optional((value, what) => {
    if (value !== null) throw bad(what, value, 'null forgets it, and calibrate takes another');
    return value;
  }),
};
/** A file is worn by giving it: nobody has one that is only named. */
const LOOK: Readers<LookChanges> = {
  style: optional(oneOf(STYLE_NAMES)),
  skin: optional(index),
  hair: optional(index),
  iris: optional(index),
};

/** A source to be opened. */
export function readRequest(value: unknown): SourceRequest {
  const { kind: given } = anyMembersOf(value, 'source');
  const kind = oneOf(KINDS)(given, 'kind of source');
  const readers: Readers<Record<string, unknown>> = REQUESTS[kind];
  const request = read(value, `source "${kind}"`, readers, ['kind']);
  return { ...request, kind } as SourceRequest;
}

export const readKind: Reader<SourceKind> = oneOf(SOURCE_KINDS);

/** A kind of source, or undefined for all. */
export function readKindOrAll(value: unknown): SourceKind | undefined {
  return optional(readKind)(value, 'source');
}

export function readRegion(value: unknown): Region {
  return oneOf(REGIONS)(value, 'region');
}

/** What is to drive a region. */
export function readChoice(value: unknown): SourceKind | 'auto' {
  return oneOf(CHOICES)(value, 'source');
}

export function readTune(value: unknown): Tune {
  return read(value, 'tuning', TUNE);
}

/** Changes of a look; whether there are as many colours is for the wardrobe to say. */
export function readLook(value: unknown): Partial<Omit<FaceLook, 'file'>> {
  return read(value, 'look', LOOK);
}

/** A head of one's own, or null for none. */
export function readHeadFile(value: unknown): Blob | null {
  if (value === null || value instanceof Blob) return value;
  throw bad('head', value, 'it is a file (GLB or VRM), and null takes off the one you wear');
}

/** A body or site. */
export function readOn(value: unknown): On {
  const on = membersOf(value, 'place', ['body', 'site']);
  if ((on['body'] === undefined) === (on['site'] === undefined)) {
    throw bad('place', value, 'it is { body } or { site }, with a name or number');
  }
  return on['body'] === undefined ? { site: ref(on['site'], 'site') } : { body: ref(on['body'], 'body') };
}

/** Somebody's `Peer.id`; undefined for oneself. */
export function readPeer(value: unknown): string | undefined {
  return optional(text)(value, 'peer');
}

/** The same, or null for nobody. */
export function readWearer(value: unknown): string | null | undefined {
  return value === null ? null : readPeer(value);
}

/** Height of a head, m; undefined for one that suits. */
export function readSize(value: unknown): number | undefined {
  return optional(between(MIN_SIZE, MAX_SIZE))(value, 'size of a head, in m,');
}

export function readCanvas(value: unknown): HTMLCanvasElement {
  // By its name: one of an embedding page is of another realm.
  if (nameOf(value) === 'HTMLCanvasElement') return value as HTMLCanvasElement;
  throw bad('canvas', value, 'it is an HTMLCanvasElement');
}

/** The seat of a `Peer.id`; -1 for what is none. */
export function seatOf(peer: string): number {
  return /^(?:0|[1-9]\d{0,8})$/.test(peer) ? Number(peer) : -1;
}

/** Whose face a portrait is of; undefined for one's own. */
export function readPortraitOf(value: unknown): PortraitOf | undefined {
  if (value === undefined || typeof value === 'string') return readPeer(value);
  const { source, style } = membersOf(value, 'portrait', ['source', 'style']);
  if ((source === undefined) === (style === undefined)) {
    throw bad('portrait', value, 'it is of a peer, of a { source } or of a { style }');
  }
  return source === undefined
    ? { style: oneOf(STYLE_NAMES)(style, 'style') }
    : { source: readKind(source, 'source') };
}

export function readSwitch(value: unknown): boolean {
  return flag(value, 'switch');
}

/**
 * Weights of a face.
 *
 * @param out 52 numbers: what is not named becomes NaN
 */
export function readWeights(value: unknown, out: Float32Array): void {
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) anyMembersOf(value, 'face');
  out.fill(NaN);
  setWeights(value, out);
}

/** How a head is turned, rad; what is left out stays. */
export function readAngles(value: unknown): Partial<HeadAngles> {
  return read<Partial<HeadAngles>>(value, 'turn of the head', {
    yaw: optional(finite),
    pitch: optional(finite),
    roll: optional(finite),
  });
}

/** The members that there are, each read by its reader. */
function read<T>(value: unknown, what: string, readers: Readers<T>, others: readonly string[] = []): T {
  const names = Object.keys(readers) as (keyof T & string)[];
  const given = membersOf(value, what, [...others, ...names]);
  const result: Partial<T> = {};
  for (const name of names) {
    const member = readers[name](given[name], `${name} of the ${what}`);
    if (member !== undefined) result[name] = member;
  }
  return result as T;
}

/** A copy of an object's own members, all of which have to be among the names. */
function membersOf(
  value: unknown,
  what: string,
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  const members = anyMembersOf(value, what);
  const unknown = Object.keys(members).find((name) => !names.includes(name));
  if (unknown !== undefined) throw unknownName(`member of the ${what}`, unknown, names);
  return members;
}

function anyMembersOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  // A Map or Date has no members that anybody meant.
  if (nameOf(value) === 'Object') return { ...(value as object) };
  throw bad(what, value, 'it is an object');
}

/** What kind of object a value is, in whichever realm it was made. */
function nameOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

function optional<T>(reader: Reader<T>): Reader<T | undefined> {
  return (value, what) => (value === undefined ? undefined : reader(value, what));
}

function oneOf<T extends string>(names: readonly T[]): Reader<T> {
  return (value, what) => {
    const found = names.find((name) => name === value);
    if (found !== undefined) return found;
    if (typeof value === 'string') throw unknownName(what, value, names);
    throw bad(what, value, `it is one of ${names.join(', ')}`);
  };
}

function text(value: unknown, what: string): string {
  if (typeof value !== 'string') throw bad(what, value, 'it is a text');
  if (value.length <= MAX_CHARS) return value;
  throw bad(what, value, `it has ${value.length} characters, and at most ${MAX_CHARS} make sense`);
}

/** A text to be said. */
export function readSpoken(value: unknown, what: string): string {
  if (typeof value !== 'string') throw bad(what, value, 'it is a text');
  if (value.length <= MAX_SPOKEN_CHARS) return value;
  const most = `at most ${MAX_SPOKEN_CHARS} are said at once: give it in parts`;
  throw bad(what, value, `it has ${value.length} characters, and ${most}`);
}

function flag(value: unknown, what: string): boolean {
  if (typeof value === 'boolean') return value;
  throw bad(what, value, 'it is true or false');
}

function finite(value: unknown, what: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw bad(what, value, 'it is a number');
}

function between(least: number, most: number): Reader<number> {
  return (value, what) => {
    if (typeof value === 'number' && value >= least && value <= most) return value;
    throw bad(what, value, `it goes from ${least} to ${most}`);
  };
}

function index(value: unknown, what: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw bad(what, value, 'it is a whole number from 0 on, of the colours there are');
}

function ref(value: unknown, what: string): Ref {
  return typeof value === 'number' ? value : text(value, what);
}

function blob(value: unknown, what: string): Blob {
  if (value instanceof Blob) return value;
  throw bad(what, value, 'it is a file');
}

function fileOrAddress(value: unknown, what: string): Blob | string {
  // An address may hold the file itself: it is as long as it likes.
  return typeof value === 'string' ? value : blob(value, what);
}

function bridgeUrl(value: unknown, what: string): string {
  const url = text(value, what);
  if (bridgeAddress(url) !== null) return url;
  throw bad(what, value, 'the address of a face bridge looks like ws://192.168.1.5:11112');
}

function bad(what: string, value: unknown, ought: string): SimroomError {
  return new SimroomError('bad-argument', `The ${what} is ${shown(value)}: ${ought}.`);
}

function unknownName(what: string, name: string, names: readonly string[]): SimroomError {
  const all = names === ARKIT_NAMES ? 'simroom.face.names has them all' : `use one of ${names.join(', ')}`;
  return new SimroomError('unknown-name', `There is no ${what} ${shown(name)}: ${all}.`);
}

/** A value as people read it. */
function shown(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `"${value.length > SHOWN_CHARS ? `${value.slice(0, SHOWN_CHARS)}...` : value}"`;
    case 'number':
    case 'boolean':
    case 'undefined':
      return String(value);
    default:
      return value === null ? 'null' : `a ${nameOf(value)}`;
  }
}
