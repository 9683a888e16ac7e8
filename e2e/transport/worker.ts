import { openLink } from '../../src/transport/channels';
import { CONTRACT, runCheck } from '../../src/transport/contract';

/**
 * Holds both ends of a connection, as engines hold theirs: ports come from the page, results go back.
 */

export interface Order {
  /** Name of the check; `echo` answers one message of each lane after the other, until the connection ends. */
  readonly check: string;
  readonly ports: readonly MessagePort[];
}

export type Report = { readonly done: true } | { readonly error: string; readonly code: unknown };

addEventListener('message', ({ data, ports }: MessageEvent<Order>) => {
  const [answer] = ports;
  if (answer === undefined) return;
  const report = (result: Report): void => answer.postMessage(result);
  run(data).then(
    () => report({ done: true }),
    (error: unknown) =>
      report({
        error: error instanceof Error ? error.message : String(error),
        code: error instanceof Error ? Reflect.get(error, 'code') : undefined,
      }),
  );
});

async function run({ check, ports }: Order): Promise<void> {
  const links = await Promise.all(ports.map((port) => openLink(port)));
  const [a, b] = links;
  const found = CONTRACT.find(({ name }) => name === check);
  if (found === undefined || a === undefined || b === undefined) {
    throw new Error(`"${check}" with ${String(ports.length)} ports`);
  }
  await runCheck(found, () => Promise.resolve([a, b]));
}
