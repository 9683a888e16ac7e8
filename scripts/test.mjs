/** `npm test`: installs what it needs, runs every check and test, and closes with one line of totals. */
import { checkNode, install, load } from './lib/bootstrap.mjs';

checkNode();
try {
  await install();
  const { test } = await load('scripts/test.ts');
  process.exitCode = (await test()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
