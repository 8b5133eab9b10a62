/** C's `%-Ns`: text padded on the right, never cut. */
export const left = (text: string, width: number): string => text.padEnd(width, ' ');

/** C's `%Ns`: padded on the left. */
export const right = (text: string, width: number): string => text.padStart(width, ' ');

/** C's `%0NX`: upper-case hexadecimal, filled with zeros. */
export const hex = (value: number, digits: number): string =>
  value.toString(16).toUpperCase().padStart(digits, '0');
