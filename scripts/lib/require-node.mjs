// Imported first, for its effect: everything after it may use what Node 20.19 has.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `LVScope needs Node 20.19 or newer, and this is Node ${process.versions.node}. ` +
      'Get a newer one from https://nodejs.org or with a version manager (nvm install 22), then try again.',
  );
  process.exit(1);
}
