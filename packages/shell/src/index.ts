export { type Fault, type FaultGroup, faultsOf } from './faults.ts';
export { PROGRAM_NAMES, programs, programsWith, programsWithoutNames } from './programs.ts';
export { formatServices, formatVersionLine } from './text/services.ts';
export { formatConnections } from './text/connections.ts';
export type { ListedConnection, ListedNumbers, ListedServer, ListedService } from './text/listed.ts';
