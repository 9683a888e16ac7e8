/** A jaw this wide has opened, and one this narrow has closed. */
export const OPEN = 0.25;
export const SHUT = 0.05;
