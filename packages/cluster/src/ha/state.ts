import type { SimTime } from '@lvscope/des';

/** Who holds a virtual address on a wire, from this instant on. */
export interface HolderChange {
  readonly at: SimTime;
  readonly address: number;
  /** Hosts by index, sorted. */
  readonly hosts: readonly number[];
}

/** What a daemon of high availability takes itself for, from this instant on. */
export interface RoleChange {
  readonly at: SimTime;
  readonly host: string;
  /** `keepalived`, `heartbeat`, `pulse`. */
  readonly daemon: string;
  /** Name of the VRRP instance, or of the resource group's node. */
  readonly name: string;
  readonly role: Role;
  /** VRRP's; 0 elsewhere. */
  readonly priority: number;
}

export type Role = 'MASTER' | 'BACKUP' | 'FAULT' | 'INIT' | 'DOWN';

/** A change of who holds a virtual address, while it is under way and afterwards. */
export interface TakeOver {
  readonly address: number;
  readonly at: SimTime;
  /** Hosts by index that held it before. */
  readonly before: readonly number[];
  /** When a host that had not held it took it; -1 = not yet. */
  takenAt: number;
  takenBy: number;
  /**
   * Connections of clients from before: those that got an answer since (slot and generation), and
   * those lost.
   */
  readonly kept: Set<number>;
  lost: number;
}

/** Time without a good answer, as the clients of one workload felt it. */
export interface Outage {
  readonly workload: number;
  /** The last good answer before, or the begin of the first request that had none. */
  readonly from: SimTime;
  readonly to: SimTime;
  /** Requests that failed in it. */
  readonly failed: number;
}

/** What is seen of fail-overs; nothing in it decides anything. */
export interface HaState {
  /** Addresses that are followed. */
  readonly watched: Set<number>;
  readonly holders: HolderChange[];
  readonly roles: RoleChange[];
  readonly takeOvers: TakeOver[];
  readonly outages: Outage[];
  /**
   * By workload: since when no request has had a good answer (-1 = all is well), failures since, the
   * last good.
   */
  readonly trouble: { since: number; failed: number; lastGood: number }[];
}

const MOST = 1000;

export function createHaState(workloads: number): HaState {
  return {
    watched: new Set(),
    holders: [],
    roles: [],
    takeOvers: [],
    outages: [],
    trouble: Array.from({ length: workloads }, () => ({ since: -1, failed: 0, lastGood: 0 })),
  };
}

/** Adds to a list that forgets its older half when it grows too long. */
export function remember<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > MOST) list.splice(0, MOST / 2);
}
