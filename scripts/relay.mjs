/** `npm run relay`: serves the relay alone, for an app that lies on a static host. `-- --help` lists its settings. */
import { checkNode, install, load } from './lib/bootstrap.mjs';

checkNode();
try {
  await install();
  const { relay } = await load('scripts/relay.ts');
  await relay(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
