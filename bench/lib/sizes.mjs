/**
 * How much of which work each contestant does. A slow one does less of the same kind: its rate hardly hangs
 * on how long it runs, and one that is slower with more connections (SimPy is) gains by it.
 */
export const FULL = {
  rounds: 5,
  holds: [
    { pending: 10_000, events: { lvscope: 10_000_000, cpp: 10_000_000, ns3: 2_000_000, simpy: 500_000 } },
    { pending: 1_000_000, events: { lvscope: 5_000_000, cpp: 5_000_000, ns3: 500_000, simpy: 200_000 } },
  ],
  connections: { lvscope: 1_000_000, cpp: 1_000_000, ns3: 1_000_000, simpy: 100_000 },
  // in the first some of LVScope's time is V8's, which is compiling; it is short, and close: more rounds
  packets: [
    { rounds: 11, lvscope: 100_000, ns3: 100_000, simpy: 10_000 },
    { lvscope: 300_000, ns3: 300_000 },
  ],
  endpoints: { lvscope: 20, ns3tcp: 1000 },
  memoryBaseline: 1000,
  worldSeconds: 60,
  frames: 10_000,
};

/** To see that everything works; too small to judge by. */
export const QUICK = {
  rounds: 2,
  holds: [
    { pending: 10_000, events: { lvscope: 200_000, cpp: 200_000, ns3: 50_000, simpy: 20_000 } },
    { pending: 100_000, events: { lvscope: 200_000, cpp: 200_000, ns3: 50_000, simpy: 20_000 } },
  ],
  connections: { lvscope: 20_000, cpp: 20_000, ns3: 20_000, simpy: 2000 },
  packets: [
    { rounds: 3, lvscope: 2000, ns3: 2000, simpy: 500 },
    { lvscope: 4000, ns3: 4000 },
  ],
  endpoints: { lvscope: 1, ns3tcp: 50 },
  memoryBaseline: 1000,
  worldSeconds: 2,
  frames: 2000,
};
