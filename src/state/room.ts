import type { StateCreator } from 'zustand/vanilla';
import type { EventMap, Peer, Role, RoomInfo } from '../app/api';
import type { Failure } from './status';

/** The room this browser is in, who is there, and how entering or leaving it went. */
export interface RoomSlice {
  /** Null outside any room. */
  readonly room: RoomInfo | null;
  /** Everybody, oneself included; empty outside any room. */
  readonly peers: readonly Peer[];
  /** How joining goes on; null when nobody is joining. */
  readonly joining: EventMap['joining'];
  /** Why joining failed, or why the room has ended, until it is dismissed. */
  readonly roomFailure: Failure | null;
  /** The link that leads back into the room left last. */
  readonly leftRoom: string | null;
  /** When the present room was entered, ms since the epoch. */
  readonly enteredAt: number;
  /** Whether the pointer points for everyone to see. */
  readonly pointing: boolean;
  /** @param left where {@link leftRoom} leads now */
  setRoom(room: RoomInfo | null, left: string | null): void;
  setPeers(peers: readonly Peer[]): void;
  setJoining(joining: EventMap['joining']): void;
  failRoom(failure: Failure): void;
  dismissRoomFailure(): void;
  setPointing(pointing: boolean): void;
}

export const roomSlice: StateCreator<RoomSlice> = (set) => ({
  room: null,
  peers: [],
  joining: null,
  roomFailure: null,
  leftRoom: null,
  enteredAt: 0,
  pointing: false,
  setRoom: (room, leftRoom) =>
    set((s) => ({
      room,
      leftRoom,
      ...(room === null ? { peers: [], pointing: false } : { roomFailure: null }),
      ...(room === null || room.id === s.room?.id ? {} : { enteredAt: Date.now() }),
    })),
  setPeers: (peers) => set({ peers }),
  setJoining: (joining) => set(joining === null ? { joining } : { joining, roomFailure: null }),
  failRoom: (roomFailure) => set({ roomFailure, joining: null }),
  dismissRoomFailure: () => set({ roomFailure: null }),
  setPointing: (pointing) => set({ pointing }),
});

const RANKS: Readonly<Record<Role, number>> = { viewer: 0, developer: 1, admin: 2 };

/** Whether this browser's role is at least this one. In a world of one's own everything is allowed. */
export function hasRole({ room }: Pick<RoomSlice, 'room'>, role: Role): boolean {
  return room === null || RANKS[room.role] >= RANKS[role];
}
