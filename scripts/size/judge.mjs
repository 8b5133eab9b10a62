/**
 * What to complain about: findings that no exception covers, exceptions that cover nothing or give no reason.
 * @returns {string[]} one sentence each
 */
export function judgeSizes(findings, exceptions) {
  const covers = (exception, found) =>
    exception.file === found.file && exception.what === found.what && exception.name === found.name;
  const complaints = findings
    .filter(
      (found) => !exceptions.some((exception) => covers(exception, found) && found.size <= exception.upTo),
    )
    .map(sentence);
  for (const exception of exceptions) {
    const what = `the exception for ${describe(exception)} in ${exception.file}`;
    if (!exception.because) complaints.push(`${what} gives no reason`);
    if (!findings.some((found) => covers(exception, found))) complaints.push(`${what} is no longer needed`);
  }
  return complaints;
}

const describe = ({ what, name }) => (what === 'function' ? `the function ${name}` : `the ${what} length`);

function sentence({ file, line, what, name, size, limit }) {
  const place = `${file}:${line}`;
  if (what === 'line') return `${place} is ${size} characters long; the guide is ${limit}`;
  if (what === 'file') return `${place} has ${size} lines; the guide is ${limit}`;
  return `${place} the function ${name} has ${size} lines; the guide is ${limit}`;
}
