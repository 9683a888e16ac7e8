/** Name of a body, a site or a custom text of a model where a face belongs. */
export const FACE_NAME = 'face';
