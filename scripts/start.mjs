/** `npm start`: installs, builds and serves the app, and prints its URL. */
import { checkNode, install, load } from './lib/bootstrap.mjs';

checkNode();
try {
  await install();
  const { start } = await load('scripts/start.ts');
  await start();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
