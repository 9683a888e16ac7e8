/**
 * What a model may cost before it is refused. Measured on a slow two-core machine; the wasm heap ends at 2 GiB.
 */

/** Bytes of one XML file: the largest real models with inline meshes have some 10 MB; parsing takes 3 times that. */
export const MAX_XML_BYTES = 24 << 20;
/** Bytes of one file: scanned meshes have up to 100 MB. */
export const MAX_FILE_BYTES = 256 << 20;
/** Bytes of a whole model, or of an archive unpacked: they stand in memory up to three times while it is loaded. */
export const MAX_MODEL_BYTES = 512 << 20;
/** Files of a model. */
export const MAX_FILES = 5000;
/** XML files looked into to find a model among dropped files. */
export const MAX_CANDIDATES = 300;

/** Ratio of an archive's unpacked and packed size: OBJ and XML reach 20, deflate's most is 1032. */
export const MAX_ARCHIVE_RATIO = 200;
/** Below this many bytes any ratio is harmless. */
export const RATIO_FREE_BYTES = 16 << 20;
/** Entries of an archive, folders included. */
export const MAX_ARCHIVE_ENTRIES = 20_000;

/** Bodies, joints, geoms, sites, cameras and lights: 40,000 geoms took 6 s, 90,000 replicated ones 866 MB. */
export const MAX_ELEMENTS = 50_000;
/** Copies made by one `replicate`: 10,000 take 4 to 10 s and the time grows with the square. */
export const MAX_REPLICATE_COUNT = 10_000;
/** Degrees of freedom: 18,000 took 4 s and 1 GB, 60,000 took 52 s. */
export const MAX_DOFS = 20_000;
/** Samples of one height field: 10,000 by 10,000 took 9 s and 1.9 GB. */
export const MAX_HFIELD_SAMPLES = 4096 * 4096;
/** Bytes of all textures, as MuJoCo unpacks them: one of 20,000 by 20,000 does not fit into the heap. */
export const MAX_TEXTURE_BYTES = 512 << 20;

/** Requests at a time: what browsers open to one HTTP/1.1 host. */
export const MAX_PARALLEL_READS = 6;

/** A size for people. */
export function sizeText(bytes: number): string {
  return bytes < 1 << 20 ? `${Math.ceil(bytes / 1024)} kB` : `${Math.round(bytes / (1 << 20))} MB`;
}
