/**
 * Rooms in the address bar: so that copying the address, reloading the page and the installed app lead back.
 */

/** What the address says that concerns this page alone, not those who get a link. */
const PRIVATE_PARAMETERS = ['model', 'embed'];

/** The page that a room's link opens: this one, on the same servers, and nothing else. */
export function roomPage(): string {
  const page = new URL(window.location.href);
  page.hash = '';
  for (const name of PRIVATE_PARAMETERS) page.searchParams.delete(name);
  return page.href;
}

/** Whether an address is the link of a room, be it cut short. */
export function isRoomLink(address: string): boolean {
  return new URL(address, window.location.href).hash.startsWith('#room');
}

/** Shows a room's link. */
export function showRoom(link: string): void {
  const shown = new URL(window.location.href);
  const { origin, pathname, searchParams, hash } = new URL(link, shown);
  if (origin !== shown.origin || pathname !== shown.pathname) return;
  for (const [name, value] of searchParams) shown.searchParams.set(name, value);
  shown.searchParams.delete('model');
  shown.hash = hash;
  show(shown);
}

/** Shows the page alone again. */
export function hideRoom(): void {
  const shown = new URL(window.location.href);
  if (!shown.hash.startsWith('#room')) return;
  shown.hash = '';
  // An empty fragment would leave its sign.
  show(new URL(shown.href.replace(/#$/, '')));
}

function show(address: URL): void {
  if (address.href === window.location.href) return;
  try {
    window.history.replaceState(window.history.state, '', address);
  } catch {
    // Frames without an address of their own have no bar to show it in either.
  }
}
