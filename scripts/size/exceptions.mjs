/**
 * Code that is larger than the guide for a good reason. One that is no longer needed fails the check.
 * @type {{ file: string, what: 'file' | 'function' | 'line', name?: string, upTo: number, because: string }[]}
 */
export const EXCEPTIONS = [];
