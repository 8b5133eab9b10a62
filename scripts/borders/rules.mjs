// Who may import whom, and why not the others. docs and messages quote these sentences: keep them true.

/** From the lowest to the highest: types may be imported from anything lower. */
export const HEIGHT = [
  'inet',
  'des',
  'syntax',
  'ipvs',
  'net',
  'capture',
  'scenario',
  'cluster',
  'shell',
  'oracle',
  'apps',
];

/** What each may import at run time, and the reason that a forbidden import is told. */
export const MAY_IMPORT = {
  inet: { from: [], because: 'inet is the leaf that all others share; an import would make a circle.' },
  des: {
    from: [],
    because: 'des is clock, queue and dice for any world; it must not know what is simulated.',
  },
  syntax: { from: ['inet'], because: 'syntax is text to data and back; it must work without any engine.' },
  ipvs: {
    from: ['inet', 'des'],
    because: 'ipvs takes headers and gives verdicts, so that a kernel trace can judge it on its own.',
  },
  net: {
    from: ['inet', 'des'],
    because: 'net carries packets for any hook; the world that joins it with ipvs is made in cluster.',
  },
  capture: {
    from: ['inet'],
    because: 'capture shows frames that were kept; it reads records and must work where no engine runs.',
  },
  scenario: {
    from: ['inet', 'syntax'],
    because: 'a scenario is a document; it is read, shown and edited where no engine runs.',
  },
  cluster: {
    from: ['inet', 'des', 'net', 'ipvs', 'scenario', 'syntax'],
    because: 'cluster gets its commands carried out through the port Programs; knowing shell makes a circle.',
  },
  shell: {
    from: ['inet', 'capture', 'cluster', 'syntax'],
    because:
      'shell reaches ipvs and net only through what cluster exports, so that hooks and sysctls stay wired.',
  },
  oracle: {
    from: ['inet', 'scenario', 'cluster', 'shell'],
    because: 'oracle drives the same world that users drive, or it would judge another one.',
  },
  apps: {
    from: ['inet', 'capture', 'cluster', 'shell', 'scenario', 'oracle'],
    because: 'an app is a view of a world; what it needs of the parts, cluster and shell export.',
  },
  e2e: {
    from: ['scenario', 'cluster', 'shell'],
    because:
      'the browser tests judge the product from outside, as a user does; only the fingerprints run worlds.',
  },
};

/** Libraries from outside that an engine package may use at run time. */
export const LIBRARIES = { scenario: ['yaml', 'zod'] };

/** Libraries that tests and measurements inside a package may use as well. */
export const TEST_LIBRARIES = ['vitest', 'fast-check', 'pure-rand'];

export const REASONS = {
  pastIndex: 'index.ts is the whole public API of a package; ask its owner to export what is missing.',
  outside: 'a relative path must not leave its own package: import the other one by its name.',
  node: 'the engine runs in the browser too; what needs Node belongs in apps/cli or in a test.',
  library:
    'an engine package stands on its own; a library needs a place in scripts/borders/rules.mjs, with reason.',
  height: 'even types come only from below, or the packages would need each other to compile.',
  app: 'apps do not know each other; what they share belongs in a package.',
  unknown: 'there is no such package.',
};
