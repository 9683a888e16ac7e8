/** `npm run bench`: measures what we claim. `npm run bench -- wire` runs only the benches named. */
import { checkNode, install, load } from './lib/bootstrap.mjs';

checkNode();
try {
  await install();
  const { bench } = await load('scripts/bench.ts');
  process.exitCode = (await bench(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
