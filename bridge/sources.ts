import { IFACIALMOCAP_HELLO, IFACIALMOCAP_PORT, parseIFacialMocap } from '../src/face/sources/ifacialmocap';
import { LIVE_LINK_FACE_PORT, parseLiveLinkFace } from '../src/face/sources/live_link_face';
import type { Reading } from '../src/face/sources/reading';
import { VMC_PORT, VmcReader } from '../src/face/sources/vmc';
import { parseVTubeStudio, VTUBE_STUDIO_PORT, vtubeStudioRequest } from '../src/face/sources/vtube_studio';

/** The kinds of phones and programs that send faces as datagrams. */
export type SourceName = 'livelink' | 'ifacialmocap' | 'vtubestudio' | 'vmc';

/** Reads the packets of one sender, one after the other; null for what is none. */
export type PacketReader = (packet: Buffer) => Reading | null;

interface Source {
  /** As its makers write it. */
  readonly title: string;
  /** The port that it uses unless told otherwise, on the phone and on this side. */
  readonly port: number;
  /** The environment variable with the port on this side. */
  readonly variable: string;
  /** How senders learn of another port; null where they cannot. */
  readonly elsewhere: string | null;
  /** Whether the port that a packet comes from tells senders at one address apart. */
  readonly byPort: boolean;
  /** What a phone must hear to send; null where it sends by itself. */
  readonly ask: ((port: number) => string) | null;
  /** Whether it stops unless it is asked again and again. */
  readonly askAlways: boolean;
  newReader(): PacketReader;
}

/** How long VTube Studio sends after it was asked, s: it is asked each second. */
const VTUBE_STUDIO_SECONDS = 5;

export const SOURCES: Readonly<Record<SourceName, Source>> = {
  livelink: {
    title: 'Live Link Face',
    port: LIVE_LINK_FACE_PORT,
    variable: 'FACE_BRIDGE_LIVE_LINK_PORT',
    elsewhere: 'and enter it in the app',
    byPort: false,
    ask: null,
    askAlways: false,
    newReader: () => parseLiveLinkFace,
  },
  ifacialmocap: {
    title: 'iFacialMocap',
    port: IFACIALMOCAP_PORT,
    variable: 'FACE_BRIDGE_IFACIALMOCAP_PORT',
    elsewhere: null,
    byPort: false,
    ask: () => IFACIALMOCAP_HELLO,
    askAlways: false,
    newReader: () => (packet) => parseIFacialMocap(packet.toString('utf8')),
  },
  vtubestudio: {
    title: 'VTube Studio',
    port: VTUBE_STUDIO_PORT,
    variable: 'FACE_BRIDGE_VTUBE_STUDIO_PORT',
    elsewhere: 'and phones are asked to send there',
    byPort: false,
    ask: (port) => vtubeStudioRequest(port, VTUBE_STUDIO_SECONDS),
    askAlways: true,
    newReader: () => (packet) => parseVTubeStudio(packet.toString('utf8')),
  },
  vmc: {
    title: 'VMC',
    port: VMC_PORT,
    variable: 'FACE_BRIDGE_VMC_PORT',
    elsewhere: 'and enter it in the program',
    // Many programs on one machine may speak it.
    byPort: true,
    ask: null,
    askAlways: false,
    newReader: () => {
      const reader = new VmcReader();
      return (packet) => reader.read(packet);
    },
  },
};
