/** Numbers as people read them: fixed widths so that nothing jumps, a real minus sign. */

const MINUS = '\u2212';

/** `digits` significant digits at most, without an exponent for ordinary sizes. */
export function formatNumber(value: number, digits = 4): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '\u221e' : `${MINUS}\u221e`;
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text =
    size >= 1e6 || size < 1e-4 ? value.toExponential(digits - 2) : String(Number(value.toPrecision(digits)));
  return text.replace('-', MINUS).replace(`e${MINUS}`, 'e-');
}

/** Four significant digits, or as many of them as fit into so many characters. */
export function fitNumber(value: number, characters: number): string {
  let text = formatNumber(value);
  for (let digits = 3; text.length > characters && digits > 1; digits--) text = formatNumber(value, digits);
  return text;
}

/** A fixed number of decimals, for live values in a column. */
export function formatFixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return formatNumber(value);
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', MINUS);
}

/** What a person typed, a decimal comma and a real minus sign included; null when it is not a number. */
export function parseNumber(text: string): number | null {
  const plain = text.trim().replaceAll(MINUS, '-').replace(',', '.');
  if (plain === '') return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}

/** Simulated time, s. */
export function formatTime(seconds: number): string {
  return seconds < 1000 ? seconds.toFixed(3) : seconds.toFixed(1);
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(bytes < 1e4 ? 1 : 0)} kB`;
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

/** A speed as the transport shows it. */
export function formatSpeed(speed: number): string {
  if (!Number.isFinite(speed)) return 'Max';
  if (speed >= 1) return `${Number(speed.toPrecision(3))}\u00d7`;
  return `1/${Math.round(1 / speed)}\u00d7`;
}

/** A measured real-time factor. */
export function formatFactor(factor: number): string {
  if (factor >= 100) return `${Math.round(factor)}\u00d7`;
  return `${factor.toFixed(factor >= 10 ? 1 : 2)}\u00d7`;
}
