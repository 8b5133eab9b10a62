/**
 * @typedef {object} Exception
 * @property {string} file
 * @property {'file' | 'function' | 'line'} what
 * @property {string} [name] of a function
 * @property {number} upTo
 * @property {string} because
 */

/**
 * Code that is larger than the guide for a good reason. One that is no longer needed fails the check.
 * @type {Exception[]}
 */
export const EXCEPTIONS = [];
