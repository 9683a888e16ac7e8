/** Where a face bridge is, as somebody wrote it: with `ws://`, `http://` or neither. Null for what is no address. */
export function bridgeAddress(url: string): URL | null {
  const text = /^[a-z]+:\/\//i.test(url) ? url.replace(/^http/i, 'ws') : `ws://${url}`;
  const address = URL.canParse(text) ? new URL(text) : null;
  return address !== null && /^wss?:$/.test(address.protocol) && address.hostname !== '' ? address : null;
}
