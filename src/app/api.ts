/**
 * The public API: `window.simroom`. The interface, the embed bridge and automated tests stand on this alone.
 *
 * Units: m, rad, s, N, N m; camera angles in degrees as MuJoCo has them. World frame. Quaternions are w first.
 * Every failure is an `Error` with a stable `code` (see `core/errors.ts`).
 */

import type { Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import type { CameraPose, ViewOptions } from '../core/picture';
import type { ModelInfo } from '../model/info';
import type { LoadProgress, ModelSource } from '../model/source';
import type { State } from '../session/engine_messages';
import type { Pick } from '../sim/pick';
import type { Vec3 } from '../core/vec';
import type { FaceApi, FaceInfo } from './faces/api';

export type { CameraPose, ViewOptions } from '../core/picture';
export type { Vec3 } from '../core/vec';
export type { State } from '../session/engine_messages';
export type { Pick } from '../sim/pick';
export type { ActuatorInfo, JointInfo, KeyframeInfo, ModelInfo, NamedInfo, SensorInfo } from '../model/info';
export type { LoadProgress, ModelSource } from '../model/source';
export { MAX_CHAT_BYTES, MAX_NAME_BYTES } from '../protocol/limits';

/** A body, actuator, keyframe... by id or by name. */
export type Ref = number | string;

export interface CatalogueEntry {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** URLs, resolved against the app's base. */
  readonly url: string;
  readonly thumbnail: string;
}

export interface CameraRequest {
  readonly lookat?: Vec3;
  readonly distance?: number;
  readonly azimuth?: number;
  readonly elevation?: number;
  readonly fixed?: Ref | null;
  readonly track?: Ref | null;
}

export interface Stats {
  /** Measured real-time factor. */
  readonly rtf: number;
  readonly stepsPerSecond: number;
  /** Mean wall ms of one step. */
  readonly stepMs: number;
  /** Mean main-thread script ms of a rendered frame. */
  readonly frameMs: number;
  readonly fps: number;
  readonly drawCalls: number;
  readonly triangles: number;
  readonly wasmBytes: number;
  /** What the room costs; empty and zero outside any room. */
  readonly network: NetworkFigures;
}

/** What goes over the network: totals since each connection was made. */
export interface NetworkFigures {
  /** Per person: for the host everybody else, for a guest the host alone. */
  readonly peers: readonly PeerFigures[];
  /** All connections together, with everything but the 28 bytes of IP and UDP around each packet. */
  readonly wire: {
    readonly bytesSent: number;
    readonly bytesReceived: number;
    readonly packetsSent: number;
    readonly packetsReceived: number;
  };
}

/** Figures of one person's connection; `rt` is the channel of what is urgent, as sent and received by this end. */
export interface PeerFigures {
  /** {@link Peer.id}. */
  readonly id: string;
  readonly rttMs: number | null;
  readonly rtBytesOut: number;
  readonly rtBytesIn: number;
  /** Messages. */
  readonly rtOut: number;
  readonly rtIn: number;
  /** How often this end went back because something came late, and was put right by a checkpoint; 0 at the host. */
  readonly rollbacks: number;
  readonly repairs: number;
}

/** Physics options people change while running. */
export interface PhysicsOptions {
  /** m/s². */
  readonly gravity: Vec3;
  /** m/s. */
  readonly wind: Vec3;
  /** s. */
  readonly timestep: number;
  /** kg/m³ and Pa s. */
  readonly density: number;
  readonly viscosity: number;
  /** `mjtIntegrator`, `mjtCone`, `mjtSolver`. */
  readonly integrator: number;
  readonly cone: number;
  readonly solver: number;
  readonly iterations: number;
  /** Bit masks: `mjtDisableBit`, `mjtEnableBit`. */
  readonly disableflags: number;
  readonly enableflags: number;
}

/** admin: everything. developer: load, control, perturb, edit. viewer: look, chat, point. */
export type Role = 'admin' | 'developer' | 'viewer';

/** Somebody in the room. */
export interface Peer {
  /** Stable while they are in the room. */
  readonly id: string;
  readonly name: string;
  /** CSS colour. */
  readonly colour: string;
  readonly role: Role;
  readonly self: boolean;
  readonly host: boolean;
  /** Whether they simulate or watch. */
  readonly mode: 'tape' | 'snapshot';
  /** How they reach the host; `self` for the host itself. */
  readonly link: 'self' | 'p2p' | 'turn' | 'relay' | 'local';
  /** Round trip to the host, ms; null until measured and for the host. */
  readonly rttMs: number | null;
  /** Messages and actions of theirs that the host has dropped: out of range, not allowed, too many. */
  readonly dropped: number;
}

export interface RoomInfo {
  /** Public name of the room at the signaling server. */
  readonly id: string;
  /** The link that lets people in with the default role. */
  readonly link: string;
  /** This browser's part. */
  readonly host: boolean;
  readonly role: Role;
  readonly locked: boolean;
  readonly defaultRole: Role;
  /** `waiting`: the signaling server cannot be reached just now, those who are in stay connected. */
  readonly state: 'open' | 'waiting';
}

export interface RoomOptions {
  /** Role of those who come by the plain link; `developer` when absent. */
  readonly role?: Role;
}

export interface InvitationRequest {
  readonly role: Role;
  /** s; without it the invitation does not expire. */
  readonly expiresIn?: number;
  /** Without it any number of people may use it. */
  readonly uses?: number;
}

export interface Invitation {
  readonly id: string;
  readonly role: Role;
  /** s from now, or null when it does not expire. */
  readonly expiresIn: number | null;
  /** How often it may be used in all, or null for any number. */
  readonly uses: number | null;
  readonly used: number;
}

export interface ChatMessage {
  readonly id: number;
  /** `Peer.id` of the speaker, who may be gone. */
  readonly peer: string;
  readonly name: string;
  readonly colour: string;
  readonly self: boolean;
  readonly text: string;
  /** By this browser's clock. */
  readonly at: Date;
}

/** How joining goes on. */
export type JoinStep = 'signaling' | 'connecting' | 'entering' | 'fetching' | 'compiling' | 'starting';

export interface RoomSettings {
  /** What others see. */
  readonly name: string;
  /** Index into `PEOPLE_COLOURS` (`core/people.ts`). */
  readonly colour: number;
}

export type Phase = 'starting' | 'loading' | 'running' | 'failed';

export interface Notice {
  readonly code: string;
  readonly message: string;
  /** What can be done about it, if a button can do it. */
  readonly action?: { readonly label: string; readonly run: () => Promise<void> };
}

export interface EventMap {
  /** Load progress; null when a load has ended. */
  progress: LoadProgress | null;
  model: ModelInfo;
  /** A few times a second while something changes: paused, speed, tick, figures. */
  state: { readonly tick: number; readonly time: number; readonly paused: boolean; readonly speed: number };
  selection: Pick | null;
  camera: CameraPose;
  options: ViewOptions;
  /** Sources, looks and places of faces, whenever something about them changes. */
  face: FaceInfo;
  /** Entered, left, locked, roles changed...; null outside any room. */
  room: RoomInfo | null;
  /** Everybody in the room, whenever something about one of them changes. */
  peer: readonly Peer[];
  chat: ChatMessage;
  /** Joining goes on; null when it has ended, well or not. */
  joining: { readonly step: JoinStep; readonly fraction: number | null } | null;
  warning: Notice;
  /**
   * Failures that nobody's call is waiting for, and those of loading and joining, which also reject. A room that ends
   * against one's will says why with `room-closed`, `removed` or `connection-failed`; `room` (null) comes before it.
   */
  error: Error & { readonly code: string };
}

export interface Simroom {
  readonly version: string;
  /** Resolves when the first model is loaded and drawn. */
  readonly ready: Promise<void>;

  catalogue(): Promise<readonly CatalogueEntry[]>;
  /** Loads a model; the running one stays until the new one has compiled. A later load supersedes an earlier one. */
  load(source: ModelSource): Promise<ModelInfo>;
  /** Gives up the load in progress, if any; its promise rejects with code `load-cancelled`. */
  cancelLoad(): void;
  /** Loads the running model from its source again: edited files are read afresh. */
  reload(): Promise<ModelInfo>;
  /** Adds files to the last load that lacked some, and tries again. */
  addFiles(files: readonly File[]): Promise<ModelInfo>;
  /** The running model, or null before the first. */
  model(): ModelInfo | null;
  /** The running model's arrays under MuJoCo's names, or null before the first. */
  arrays(): ModelCopy | null;

  play(): Promise<void>;
  pause(): Promise<void>;
  /** To the model's initial state, which is `qpos0` unless the model names an `initial_keyframe`; or to a keyframe. */
  reset(keyframe?: Ref): Promise<void>;
  /** Exactly so many `mj_step` while paused; resolves when they are done. */
  step(ticks?: number): Promise<void>;
  /** 0.01 .. 100, or Infinity for as fast as it can go. */
  setSpeed(speed: number): Promise<void>;
  /** Goes back (or forward again) to a tick of the history: the state there becomes the present one. */
  rewind(tick: number): Promise<void>;
  /** Steps through history: -1 is one tick back. Pauses. */
  scrub(ticks: number): Promise<void>;

  state(): Promise<State>;
  hashAt(tick: number): Promise<string | null>;
  /** The newest frame: live typed arrays, valid until the next frame. Null before the first. */
  frame(): Frame | null;

  setCtrl(actuator: Ref, value: number): Promise<void>;
  clearCtrl(): Promise<void>;
  /** Hinge: rad, slide: m, ball: 4 values, free: 7 values. */
  setJoint(joint: Ref, values: number | readonly number[]): Promise<void>;
  setEquality(equality: Ref, active: boolean): Promise<void>;
  perturb(body: Ref, wrench: { readonly force?: Vec3; readonly torque?: Vec3 } | null): Promise<void>;
  options(): PhysicsOptions;
  setOptions(changes: Partial<PhysicsOptions>): Promise<void>;

  select(body: Ref | null): void;
  selection(): Pick | null;

  readonly camera: {
    get(): CameraPose;
    set(request: CameraRequest): void;
    /** Back to the model's own free camera. */
    align(): void;
  };
  readonly view: {
    get(): ViewOptions;
    set(changes: Partial<ViewOptions>): void;
  };
  /** PNG of the scene alone; exactly that many pixels, or the view's own size. */
  screenshot(size?: { readonly width: number; readonly height: number }): Promise<Blob>;
  stats(): Promise<Stats>;

  readonly tape: {
    /** The tape of the running model so far, model files included. */
    save(): Promise<Blob>;
    /** Loads a saved tape's model and plays it to its end, paused there. */
    open(file: Blob): Promise<ModelInfo>;
  };

  readonly room: {
    /** Opens the running world to others. */
    create(options?: RoomOptions): Promise<{ readonly link: string; readonly id: string }>;
    /**
     * Enters the room of a link; the present world is left. The link of a room this browser hosted before opens that
     * room again. Resolves when this browser holds the host's world.
     */
    join(link: string): Promise<void>;
    /**
     * Leaves, keeping the world as one's own copy; when the host leaves, the room is closed. While joining it gives
     * that up: the promise of {@link join} rejects with code `load-cancelled`.
     */
    leave(): Promise<void>;
    info(): RoomInfo | null;
    peers(): readonly Peer[];
    /** The link of an invitation. Admins only. */
    invite(request: InvitationRequest): Promise<string>;
    invitations(): Promise<readonly Invitation[]>;
    revoke(id: string): Promise<void>;
    setRole(peer: string, role: Role): Promise<void>;
    /** Removes somebody, who cannot come back with the same browser. */
    remove(peer: string): Promise<void>;
    /** Lets nobody in any more, or again. */
    lock(locked: boolean): Promise<void>;
    setDefaultRole(role: Role): Promise<void>;
    /** Name and colour, remembered for the next room. */
    settings(): RoomSettings;
    setSettings(changes: Partial<RoomSettings>): Promise<void>;
    /**
     * A private copy of the world at this moment: here, and {@link rejoin} goes back; for the host in a tab of its own,
     * because the others need this one (code `tab-blocked` when the browser opens none).
     */
    fork(): Promise<void>;
    /** Goes back to the room left last. */
    rejoin(): Promise<void>;
    /** The link {@link rejoin} would follow, or null. */
    left(): string | null;
    /** Puts the camera where somebody's is, once. */
    lookAs(peer: string): void;
    /** Puts everybody's camera where one's own is. Admins and developers. */
    gather(): Promise<void>;
    /** Points at what lies under a place on the view (-1..1, y up), or stops pointing. */
    point(at: { readonly x: number; readonly y: number } | null): void;
  };
  readonly face: FaceApi;
  readonly chat: {
    send(text: string): Promise<void>;
    messages(): readonly ChatMessage[];
  };

  on<E extends keyof EventMap>(event: E, callback: (value: EventMap[E]) => void): () => void;
}
