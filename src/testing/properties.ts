import fc from 'fast-check';

/**
 * Properties are tried with the same values in every run, so that a test which fails fails for everybody. Who looks for
 * more changes the number.
 */
const SEED = 4;

fc.configureGlobal({ seed: SEED });

export { fc };
