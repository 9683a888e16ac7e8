import { CLOSE, OPEN, type PortMessage } from './channels';

/**
 * Data channels for workers in browsers that cannot transfer them there: the page passes every message on.
 */

let transferable: boolean | null = null;

/** Whether this browser lets a worker have a data channel. Asked once, of a channel of its own. */
export function canTransferChannels(): boolean {
  transferable ??= tryTransfer();
  return transferable;
}

function tryTransfer(): boolean {
  const connection = new RTCPeerConnection();
  const { port1, port2 } = new MessageChannel();
  try {
    const channel = connection.createDataChannel('probe');
    port1.postMessage(channel, [channel]);
    return true;
  } catch {
    // DataCloneError: the answer.
    return false;
  } finally {
    port1.close();
    port2.close();
    connection.close();
  }
}

/**
 * Forwards a data channel, which is used up by it.
 *
 * @returns a port to transfer to the worker, which `openLink` understands
 */
export function forward(channel: RTCDataChannel): MessagePort {
  const { port1: port, port2: far } = new MessageChannel();
  const tell = (message: PortMessage, transfer: Transferable[] = []): void =>
    port.postMessage(message, transfer);
  let taken = 0;
  let told = 0;
  const report = (): void => {
    const left = taken - channel.bufferedAmount;
    if (left === told) return;
    told = left;
    tell(left);
  };

  channel.binaryType = 'arraybuffer';
  channel.bufferedAmountLowThreshold = 0;
  channel.onbufferedamountlow = report;
  channel.onopen = () => tell(OPEN);
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data instanceof ArrayBuffer) tell(data, [data]);
  };
  channel.onclose = () => {
    tell(CLOSE);
    port.close();
  };
  port.onmessage = ({ data }: MessageEvent<PortMessage>) => {
    if (data === CLOSE) channel.close();
    else if (data instanceof ArrayBuffer) {
      // Between its end and the worker's hearing of it there is nobody to send to.
      if (channel.readyState !== 'open') return;
      channel.send(data);
      taken += data.byteLength;
      report();
    }
  };
  return far;
}
