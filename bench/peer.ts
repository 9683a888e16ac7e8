import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'vite';
import { runNpm } from '../scripts/lib/npm.mjs';
import { precompress } from '../scripts/vite/precompress';

/** What `npm install mujoco-react three @react-three/fiber @react-three/drei` of its instructions gave, pinned. */
const DEPENDENCIES = {
  '@react-three/drei': '10.7.9',
  '@react-three/fiber': '9.8.2',
  'mujoco-react': '8.2.0',
  react: '19.3.1',
  'react-dom': '19.3.1',
  three: '0.187.0',
};

const PAGE = `<!doctype html>
<meta charset="utf-8">
<style>body { margin: 0 } #root { height: 100vh }</style>
<div id="root"></div>
<script type="module" src="./main.js"></script>
`;

/** The example of its README without inverse kinematics and orbit controls; its own hook tells the simulated time. */
const MAIN = `import { createElement as h } from 'react';
import { createRoot } from 'react-dom/client';
import { MujocoCanvas, MujocoProvider } from 'mujoco-react';

const canvas = h(
  MujocoCanvas,
  {
    config: { src: './model/', sceneFile: 'humanoid.xml' },
    camera: { position: [2, -1.5, 2.5], up: [0, 0, 1], fov: 45 },
    style: { width: '100%', height: '100%' },
    onStep: (time) => { window.simulatedTime = time; },
    onError: (error) => console.error(error),
  },
  h('ambientLight', { intensity: 0.7 }),
  h('directionalLight', { position: [1, 2, 5], intensity: 1.2 }),
);
createRoot(document.getElementById('root')).render(h(MujocoProvider, null, canvas));
`;

/** Longest wait for npm, ms. */
const INSTALL_TIMEOUT_MS = 5 * 60_000;

/**
 * Installs mujoco-react into `.cache/` and builds its smallest working example, compressed like our own build.
 * Everything it needs comes with its packages: it asks no other server for anything.
 *
 * @param model folder of the model to show, with `humanoid.xml`
 * @returns the folder to serve
 */
export async function buildPeer(root: string, model: string): Promise<string> {
  const folder = path.join(root, '.cache', 'bench-peer');
  const dist = path.join(folder, 'dist');
  await mkdir(folder, { recursive: true });
  const manifest = { private: true, type: 'module', dependencies: DEPENDENCIES };
  await writeFile(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFile(path.join(folder, 'index.html'), PAGE);
  await writeFile(path.join(folder, 'main.js'), MAIN);
  await cp(model, path.join(folder, 'public', 'model'), { recursive: true });
  const code = await runNpm(['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error'], {
    signal: AbortSignal.timeout(INSTALL_TIMEOUT_MS),
  });
  if (code !== 0) throw new Error('mujoco-react could not be installed: see above.');
  await build({
    root: folder,
    configFile: false,
    base: './',
    logLevel: 'error',
    plugins: [precompress(root)],
    // One file of 12 MB is what its packages make.
    build: { outDir: dist, emptyOutDir: true, chunkSizeWarningLimit: 20_000 },
  });
  return dist;
}
