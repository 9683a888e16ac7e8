/**
 * Where a model comes from, and how its loading is told.
 */

/** Files by path; paths are relative, with `/`, and mirror the folders the model expects. */
export type FileRecord = Readonly<Record<string, string | Uint8Array | Blob>>;

/**
 * A catalogue id, a URL, `github:owner/repo[@ref]/path/scene.xml`, files that a person gave (a file's
 * `webkitRelativePath`, else its name, is its path; a .zip or .mjz is unpacked), or files by path.
 * `entry` names the model among the files; without it the only file that can be one is taken.
 */
export type ModelSource = string | readonly File[] | { readonly entry?: string; readonly files: FileRecord };

/** A source as it crosses to the worker: structured cloning drops `webkitRelativePath`. */
export type PlainSource = string | { readonly entry?: string; readonly files: FileRecord };

export interface LoadProgress {
  readonly step: 'fetch' | 'unpack' | 'check' | 'compile' | 'describe';
  /** What is being worked on, e.g. a file name. */
  readonly what: string;
  /** 0..1, or null when unknown. */
  readonly fraction: number | null;
  /** Name of whoever in the room loads it, when that is somebody else: only they can cancel it. */
  readonly by?: string;
}

export type ProgressCallback = (progress: LoadProgress) => void;

/** Files by their paths; of several with one path the last wins. */
export function filesByPath(files: readonly File[]): FileRecord {
  return Object.fromEntries(files.map((file) => [file.webkitRelativePath || file.name, file]));
}

export function plainSource(source: ModelSource): PlainSource {
  return isFileList(source) ? { files: filesByPath(source) } : source;
}

/** `Array.isArray` does not narrow readonly arrays out of a union. */
function isFileList(source: ModelSource): source is readonly File[] {
  return Array.isArray(source);
}
