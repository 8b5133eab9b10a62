import {
  daemonOn,
  readFile,
  readSysctl,
  type ServiceView,
  view,
  type WeightZeroAnswer,
  weightZeroAnswers,
  type World,
} from '@lvscope/cluster';
import type { WeightZero } from './api.ts';

/** The cases hang on no run: a director of their own answers them, once. */
let answers: readonly WeightZeroAnswer[] | undefined;

/** Every case with its answer, and how a service is set now; undefined where there is no such service. */
export function weightZeroOf(world: World, director: string, serviceId: number): WeightZero | undefined {
  const { services } = view(world);
  const service = services.find((one) => one.director === director && one.id === serviceId);
  if (service === undefined) return undefined;
  answers ??= weightZeroAnswers();
  const isOn = (name: string): boolean => {
    const read = readSysctl(world, director, `net.ipv4.vs.${name}`);
    return read.ok && read.value !== '0';
  };
  const atZero = service.servers.filter((server) => server.weight === 0).map(({ name }) => name);
  const deleted = outsiders(world, services, director);
  const file = ldirectordFile(world, director);
  return {
    answers,
    now: {
      persistent: service.persistenceSeconds > 0,
      expireNodestConn: isOn('expire_nodest_conn'),
      expireQuiescentTemplate: isOn('expire_quiescent_template'),
      quiescent: quiescentBy(atZero, deleted, file),
      atZero,
      deleted,
      ldirectord: file !== undefined,
    },
  };
}

/** What is seen in the table counts before what a file says. */
function quiescentBy(
  atZero: readonly string[],
  deleted: readonly string[],
  file: string | undefined,
): boolean | undefined {
  if (atZero.length > 0) return true;
  if (deleted.length > 0) return false;
  return file === undefined ? undefined : /^\s*quiescent\s*=\s*yes\s*$/m.test(file);
}

/** Hosts that serve and stand in none of the director's services. */
function outsiders(world: World, services: readonly ServiceView[], director: string): string[] {
  const inside = new Set(
    services.filter((one) => one.director === director).flatMap((one) => one.servers.map(({ host }) => host)),
  );
  return [...new Set(world.servers.map((server) => server.hostName))].filter((name) => !inside.has(name));
}

/** The file of an ldirectord that runs there. */
function ldirectordFile(world: World, director: string): string | undefined {
  if (daemonOn(world, director, 'ldirectord') === undefined) return undefined;
  return readFile(world, director, '/etc/ha.d/ldirectord.cf');
}
