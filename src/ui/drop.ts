/**
 * Files out of a drag and drop, folders included.
 *
 * A dropped folder's structure matters (includes and assets are found by relative path), but `webkitRelativePath`
 * cannot be set on a File. So each file is wrapped in a new File whose **name is its path** inside the drop,
 * `folder/assets/arm.obj`; the bytes are not copied. Files from a folder picker are given the same shape.
 */

/** Files in one drop at most: more is a mistake (a home folder), not a model. */
export const MAX_DROPPED_FILES = 5000;

/** Whether a drag carries files at all. */
export function hasFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes('Files') === true;
}

/** All files of a drop. Must be called inside the drop event: the browser empties the transfer afterwards. */
export async function filesOfDrop(transfer: DataTransfer): Promise<File[]> {
  const entries: FileSystemEntry[] = [];
  const loose: File[] = [];
  for (const item of transfer.items) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry?.() ?? null;
    if (entry !== null) entries.push(entry);
    else {
      const file = item.getAsFile();
      if (file !== null) loose.push(file);
    }
  }
  const files = loose;
  for (const entry of entries) await collect(entry, '', files);
  return files;
}

async function collect(entry: FileSystemEntry, folder: string, files: File[]): Promise<void> {
  if (files.length >= MAX_DROPPED_FILES) return;
  const path = folder + entry.name;
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    files.push(new File([file], path, { type: file.type, lastModified: file.lastModified }));
  } else if (isDirectory(entry)) {
    for (const child of await childrenOf(entry)) await collect(child, `${path}/`, files);
  }
}

/** A reader hands out a batch at a time (100 in Chromium) and an empty one at the end. */
async function childrenOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const children: FileSystemEntry[] = [];
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (batch.length === 0) return children;
    children.push(...batch);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
