import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { SOURCES, type SourceName } from './sources';

/** Room in the kernel for packets that come while we are busy: a second of a phone, bytes. */
const RECEIVE_BUFFER_BYTES = 128 << 10;

/** One UDP port that faces come to. */
export interface UdpPort {
  readonly source: SourceName;
  readonly port: number;
  /** Sends a text; `failed` hears why it could not be. */
  send(text: string, port: number, address: string, failed: (error: Error) => void): void;
  close(): Promise<void>;
}

/** A UDP port cannot be had; the message says what to do. */
export class UdpError extends Error {
  constructor(source: SourceName, port: number, cause: NodeJS.ErrnoException) {
    super(explain(source, port, cause), { cause });
    this.name = 'UdpError';
  }
}

/**
 * Listens for packets of one kind.
 *
 * @param port 0 for a free one
 * @throws {UdpError} when the port cannot be had
 */
export function openUdp(
  source: SourceName,
  port: number,
  host: string,
  receive: (packet: Buffer, sender: RemoteInfo) => void,
): Promise<UdpPort> {
  const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES });
  return new Promise((resolve, reject) => {
    socket.once('error', (error: NodeJS.ErrnoException) => {
      socket.close();
      reject(new UdpError(source, port, error));
    });
    socket.bind({ port, address: host, exclusive: true }, () => {
      socket.removeAllListeners('error');
      // A phone that is gone answers what was sent to it by an error here; that it is gone shows in what it does not send.
      socket.on('error', () => undefined);
      socket.on('message', receive);
      resolve(asPort(source, socket));
    });
  });
}

function asPort(source: SourceName, socket: Socket): UdpPort {
  let closed: Promise<void> | null = null;
  return {
    source,
    port: socket.address().port,
    send(text, port, address, failed) {
      if (closed !== null) return;
      socket.send(text, port, address, (error) => {
        if (error !== null) failed(error);
      });
    },
    close() {
      closed ??= new Promise((resolve) => {
        socket.close(resolve);
      });
      return closed;
    },
  };
}

function explain(source: SourceName, port: number, { code, message }: NodeJS.ErrnoException): string {
  const { title, variable, elsewhere } = SOURCES[source];
  const which = `UDP port ${String(port)}, for ${title},`;
  if (code === 'EADDRINUSE') {
    const other =
      elsewhere === null
        ? `: ${title} sends to no other`
        : `, or choose another with ${variable}=${String(port + 10)} ${elsewhere}`;
    return (
      `${which} is taken: by another bridge, or by a program that receives faces too, such as Unreal Engine. ` +
      `${lookUp(port)} shows which. End it${other}; ${variable}=off does without.`
    );
  }
  if (code === 'EACCES') return `${which} needs more rights. Choose one above 1023 with ${variable}.`;
  if (code === 'EADDRNOTAVAIL')
    return `${which} cannot be had: FACE_BRIDGE_UDP_HOST is no address of this machine.`;
  return `${which} cannot be had: ${message}`;
}

/** The command that says who holds a UDP port. */
function lookUp(port: number): string {
  if (process.platform === 'win32') return `"netstat -ano -p udp | findstr :${String(port)}"`;
  return process.platform === 'linux'
    ? `"ss -lunp | grep :${String(port)}"`
    : `"lsof -nP -iUDP:${String(port)}"`;
}
