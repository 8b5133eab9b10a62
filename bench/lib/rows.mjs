/**
 * One line of the results: a piece of work and who does it.
 * @typedef {object} Row
 * @property {string} id
 * @property {string} work its heading
 * @property {string} who
 * @property {string} unit what is counted a second
 * @property {string} size
 * @property {import('./build.mjs').Program} program
 * @property {string[]} args
 * @property {'work' | 'hops'} [counts] what of a run is counted; its work unless given
 * @property {number} [rounds] in how many it runs; in all unless given
 */

/**
 * @param {(work: string) => import('./build.mjs').Program} lvscope
 * @param {Record<string, import('./build.mjs').Peer>} peers
 * @param {typeof import('./sizes.mjs').FULL} sizes
 * @returns {Row[]}
 */
export function rowsOf(lvscope, peers, sizes) {
  /** @type {[string, import('./build.mjs').Peer][]} */
  const everybody = [
    ['lvscope', { name: 'LVScope', program: lvscope }],
    ...Object.entries(peers).filter(([, peer]) => peer.program !== undefined),
  ];
  const contestants = everybody.filter(([id]) => id !== 'ns3tcp');
  const rows = [];
  for (const [index, { pending, events }] of sizes.holds.entries()) {
    for (const [id, { name, program }] of contestants) {
      rows.push({
        id: `hold${index}/${id}`,
        work: `W1, ${count(pending)} pending events`,
        who: name,
        unit: 'events/s',
        size: `${count(events[id])} events`,
        program: program('hold'),
        args: [pending, events[id]].map(String),
      });
    }
  }
  for (const [id, { name, program }] of contestants) {
    rows.push({
      id: `connections/${id}`,
      work: 'W2, wlc over 16 servers',
      who: name,
      unit: 'connections/s',
      size: `${count(sizes.connections[id])} connections`,
      program: program('connections'),
      args: [String(sizes.connections[id])],
    });
  }
  for (const [index, connections] of sizes.packets.entries()) {
    for (const [id, { name, program }] of everybody.filter(([one]) => one in connections)) {
      rows.push({
        id: `packets${index}/${id}`,
        work: `W3, packet by packet${index === 0 ? '' : ', for longer'}`,
        who: name,
        unit: 'connections/s',
        size: `${count(connections[id])} connections`,
        program: program('packets'),
        args: [String(connections[id])],
        rounds: connections.rounds,
      });
    }
  }
  for (const [id, { name, program }] of everybody.filter(([one]) => one in sizes.endpoints)) {
    rows.push({
      id: `endpoints/${id}`,
      work: 'W3 between TCP endpoints',
      who: id === 'lvscope' ? 'LVScope, the hosts’ TCP' : name,
      unit: 'packet-hops/s',
      counts: 'hops',
      size: id === 'lvscope' ? `${sizes.endpoints[id]} s of the world` : `${sizes.endpoints[id]} connections`,
      program: program('endpoints'),
      args: [String(sizes.endpoints[id])],
    });
  }
  return [...rows, ...worldRows(lvscope, sizes)];
}

const WORLDS = [
  ['stress-one-source-no-p', 'LVScope, 4 servers, rr'],
  ['stress-many-sources', 'LVScope, 4 servers, rr -p 300'],
];

function worldRows(lvscope, { worldSeconds }) {
  return WORLDS.map(([preset, what]) => ({
    id: `world/${preset}`,
    work: 'Whole world: 2000 connections/s',
    who: what,
    unit: 'connections/s',
    size: `${worldSeconds} s of the world`,
    program: lvscope('world'),
    args: [preset, String(worldSeconds)],
  }));
}

/** 1 000 000 */
export const count = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ' ');
