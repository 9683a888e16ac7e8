import type { Server } from '../../signaling/server';

/** Serves until Ctrl+C or SIGTERM, then says goodbye and ends the program. A second Ctrl+C ends it at once. */
export function untilStopped(server: Pick<Server, 'close'>): void {
  const stop = (): void => {
    console.log('\nStopping...');
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}
