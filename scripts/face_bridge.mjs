/** `npm run face-bridge`: brings faces of phones and programs to the page, and those of a room to programs. */
import { checkNode, install, load } from './lib/bootstrap.mjs';

checkNode();
try {
  await install();
  const { faceBridge } = await load('scripts/face_bridge.ts');
  await faceBridge(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
