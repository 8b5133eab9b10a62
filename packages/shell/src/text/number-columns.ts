/** Rows of words set right in columns, each as wide as its widest word or its least width. */
export function tableOf(rows: readonly (readonly string[])[], least: readonly number[]): string[] {
  const widths = least.map((width, i) => Math.max(width, ...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) => row.map((word, i) => word.padStart(widths[i] ?? 0)).join(' '));
}
