import type { WriteStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { finished } from 'node:stream/promises';
import { Bridge, type PacketListener } from '../bridge/bridge';
import { describeCommand, readCommand, SOURCE_NAMES, type Command } from '../bridge/config';
import { playRecording, readRecording, RecordingWriter, type RecordedPacket } from '../bridge/recording';
import { SOURCES } from '../bridge/sources';
import { untilStopped } from './lib/until_stopped';

/** Runs the bridge until Ctrl+C. */
export async function faceBridge(args: readonly string[]): Promise<void> {
  const command = readCommand(args, process.env);
  if (command.help) {
    console.log(describeCommand());
    return;
  }
  const recording = command.play === null ? null : await load(command.play);
  const recorder = command.record === null ? null : await Recorder.open(command.record);
  const log = (line: string): void => {
    console.log(`  ${line}`);
  };
  const bridge = await Bridge.start({
    settings: command.settings,
    log,
    ...(recorder && { onPacket: recorder.add }),
  });
  greet(bridge, command);
  const stopPlaying =
    recording === null
      ? null
      : playRecording(
          recording,
          ({ source, sender, bytes }) => {
            bridge.deliver(source, `recording ${String(sender + 1)}`, bytes);
          },
          {
            loop: command.loop,
            ended: () => {
              log('The recording has ended; --loop would play it again.');
            },
          },
        );
  untilStopped({
    async close() {
      stopPlaying?.();
      await bridge.close();
      await recorder?.close();
    },
  });
}

function greet(bridge: Bridge, { settings, record }: Command): void {
  const addresses = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
  console.log(`\n  The face bridge runs.\n`);
  console.log(`  Phones and programs send to ${addresses.join(' or ') || 'this machine'}:`);
  for (const source of SOURCE_NAMES) {
    const port = bridge.udpPorts[source];
    if (port !== undefined) console.log(`    ${SOURCES[source].title.padEnd(16)} UDP port ${String(port)}`);
  }
  console.log(`\n  Pages connect to      ${bridge.url}page`);
  console.log(`  Programs connect to   ${bridge.url}program`);
  console.log(`  Figures               ${bridge.url.replace(/^ws/, 'http')}healthz`);
  if (bridge.code !== null) {
    for (const address of addresses) {
      console.log(
        `  From other machines   ws://${address}:${String(bridge.port)}/program?code=${bridge.code}`,
      );
    }
  }
  if (settings.origins.length > 0) console.log(`  Also for pages of     ${settings.origins.join(', ')}`);
  if (record !== null) console.log(`  Packets go to         ${record}`);
  console.log('\n  Ctrl+C stops it.\n');
}

/** Packets that may wait for the disk, bytes; more than that is lost rather than piled up. */
const MAX_WAITING_BYTES = 1 << 20;

/** Writes packets to a file as they come. */
class Recorder {
  private readonly writer = new RecordingWriter();
  private failed = false;

  private constructor(
    private readonly name: string,
    private readonly file: WriteStream,
  ) {
    file.on('error', (error) => {
      this.failed = true;
      console.error(`  ${name} cannot be written: ${error.message}. The bridge goes on without it.`);
    });
    file.write(this.writer.start());
  }

  static async open(name: string): Promise<Recorder> {
    const handle = await open(name, 'w').catch((cause: unknown) => {
      throw new Error(`${name} cannot be written. Is there such a folder?`, { cause });
    });
    return new Recorder(name, handle.createWriteStream({ highWaterMark: MAX_WAITING_BYTES }));
  }

  readonly add: PacketListener = (source, from, packet) => {
    if (this.failed || this.file.writableNeedDrain) return;
    this.file.write(this.writer.add(source, from, packet, performance.now()));
  };

  async close(): Promise<void> {
    if (this.failed) return;
    this.file.end();
    await finished(this.file);
    console.log(`  ${this.name} is written.`);
  }
}

async function load(name: string): Promise<RecordedPacket[]> {
  const bytes = await readFile(name).catch((cause: unknown) => {
    throw new Error(`${name} cannot be read. Is there such a file?`, { cause });
  });
  return readRecording(bytes, name);
}
