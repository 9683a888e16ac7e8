import type { InvitationRequest, RoomOptions, Simroom } from '../../app/api';

/** Opens the room; its link goes to the clipboard at once. Says whether it got there. */
export function shareRoom(simroom: Simroom, options: RoomOptions): Promise<boolean> {
  return copySoon(simroom.room.create(options).then(({ link }) => link));
}

/** Makes an invitation; its link goes to the clipboard at once. */
export async function invite(
  simroom: Simroom,
  request: InvitationRequest,
): Promise<{ readonly link: string; readonly copied: boolean }> {
  const link = simroom.room.invite(request);
  return { copied: await copySoon(link), link: await link };
}

/**
 * Puts a text on the clipboard that is still being made: the browser allows it only in answer to a click, so it is
 * asked before the text is there. False where the clipboard is refused; rejects only when the text does.
 */
export async function copySoon(text: Promise<string>): Promise<boolean> {
  const made = text.then((t) => new Blob([t], { type: 'text/plain' }));
  // It is awaited below; until then its failure is not unhandled.
  made.catch(() => {});
  const written = writeSoon(made);
  const value = await text;
  return (await written) || writeNow(value);
}

async function writeSoon(made: Promise<Blob>): Promise<boolean> {
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'text/plain': made })]);
    return true;
  } catch {
    // Not there, not allowed, or not with a promise: `writeNow` may still do.
    return false;
  }
}

async function writeNow(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // An iframe without the permission, or no secure page: the caller shows the text to be copied by hand.
    return false;
  }
}
