import {
  ACTIONS_PER_SECOND,
  CHATS_PER_SECOND,
  CHAT_BURST,
  CTL_PER_SECOND,
  DATAGRAMS_PER_SECOND,
  FACES_PER_SECOND,
  FACE_BYTES_PER_SECOND,
  FACE_REPORTS_PER_SECOND,
} from '../../protocol/limits';
import { TokenBucket } from '../link/rates';

/** A rate may be exceeded by so many seconds' worth at once. */
const BURST_SECONDS = 2;
/** What is dropped costs patience: so much is there at first, so much comes back per second. */
const PATIENCE = 1000;
const PATIENCE_PER_SECOND = 20;
/** What no app of ours sends costs as much of it as so many things that only came at the wrong moment. */
export const MALFORMED_COST = 100;
/** Repairs of one guest: each costs everybody a canonical reload. */
const REPAIRS_PER_SECOND = 0.2;
const REPAIRS_BURST = 4;
/** Looks of one guest: each is told to everybody. */
const WEARS_PER_SECOND = 2;
const WEARS_BURST = 10;
/** Snapshots of one guest that does not keep up; it asks once a second. */
const SNAPSHOTS_PER_SECOND = 2;

/** How much of everything the host takes from one guest. */
export class GuestLimits {
  readonly patience = new TokenBucket(PATIENCE_PER_SECOND, PATIENCE);
  readonly messages = new TokenBucket(CTL_PER_SECOND, CTL_PER_SECOND * BURST_SECONDS);
  readonly datagrams = new TokenBucket(DATAGRAMS_PER_SECOND, DATAGRAMS_PER_SECOND * BURST_SECONDS);
  readonly faces = new TokenBucket(FACES_PER_SECOND, FACES_PER_SECOND * BURST_SECONDS);
  readonly faceBytes = new TokenBucket(FACE_BYTES_PER_SECOND, FACE_BYTES_PER_SECOND * BURST_SECONDS);
  readonly faceReports = new TokenBucket(FACE_REPORTS_PER_SECOND, FACE_REPORTS_PER_SECOND * BURST_SECONDS);
  readonly wears = new TokenBucket(WEARS_PER_SECOND, WEARS_BURST);
  readonly actions = new TokenBucket(ACTIONS_PER_SECOND, ACTIONS_PER_SECOND * BURST_SECONDS);
  readonly chats = new TokenBucket(CHATS_PER_SECOND, CHAT_BURST);
  readonly snapshots = new TokenBucket(SNAPSHOTS_PER_SECOND, SNAPSHOTS_PER_SECOND);
  readonly repairs = new TokenBucket(REPAIRS_PER_SECOND, REPAIRS_BURST);
}
