/// <reference types="vite-plugin-pwa/vanillajs" />

/** What the page adds to its globals. */
interface Window {
  readonly simroom: import('./app/api').Simroom;
}
