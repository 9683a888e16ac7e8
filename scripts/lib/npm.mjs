import { spawn } from 'node:child_process';
import { ROOT } from './paths.mjs';

/**
 * Runs npm in the repository's root, the same npm that runs us if there is one, and waits for it.
 *
 * @param {readonly string[]} args
 * @param {{ readonly quiet?: boolean, readonly env?: Record<string, string>, readonly signal?: AbortSignal }}
 *   [options] `quiet` keeps the output to itself and prints it only on failure; `signal` ends it early
 * @returns {Promise<number>} its exit code
 */
export function runNpm(args, { quiet = false, env = {}, signal } = {}) {
  const cli = process.env.npm_execpath;
  const ours = cli !== undefined && cli.endsWith('npm-cli.js');
  const [command, first] = ours ? [process.execPath, [cli]] : ['npm', []];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...first, ...args], {
      cwd: ROOT,
      signal,
      env: { ...process.env, ...env },
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
      // On Windows npm is a .cmd file, which only a shell can start.
      shell: !ours && process.platform === 'win32',
    });
    /** @type {string[]} */
    const output = [];
    child.stdout?.on('data', (bytes) => output.push(String(bytes)));
    child.stderr?.on('data', (bytes) => output.push(String(bytes)));
    child.on('error', (error) => (signal?.aborted ? resolve(1) : reject(error)));
    child.on('close', (code) => {
      if (quiet && code !== 0) process.stderr.write(output.join(''));
      resolve(code ?? 1);
    });
  });
}
