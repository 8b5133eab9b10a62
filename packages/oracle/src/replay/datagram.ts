import { closeDatagramSocket, datagramSocketOf, openDatagramSocket, sendDatagramBy } from '@lvscope/cluster';
import { formatIpv4 } from '@lvscope/inet';
import { number, text, type TraceStep } from '../trace.ts';
import { endpointOf, type Session } from './session.ts';

const ICMP_WORDS: Readonly<Record<number, string>> = {
  [3 * 256 + 3]: 'ECONNREFUSED',
  [3 * 256 + 1]: 'EHOSTUNREACH',
  [3 * 256 + 4]: 'EMSGSIZE',
};

/** The socket option IP_MTU_DISCOVER: 0, 1 (the default) or 2. */
const discoveryOf = (step: TraceStep): 'dont' | 'want' | 'do' =>
  step['pmtu'] === 0 ? 'dont' : step['pmtu'] === 2 ? 'do' : 'want';

/**
 * One datagram from a socket of its own, which the step's end closes: a connected one hears its destination
 * only, and errors; what nobody hears, the host answers with an error.
 */
export function sendDatagram(session: Session, step: TraceStep): () => Record<string, unknown> {
  const source = endpointOf(text(step, 'src'));
  const to = endpointOf(text(step, 'dst'));
  const connected = step['connect'] !== false;
  const socket = openDatagramSocket(session.world, 'client', source, connected ? to : undefined);
  const { heard } = session.world.probe;
  const heardBefore = heard.length;
  const opened = datagramSocketOf(session.world, socket);
  const sent = sendDatagramBy(session.world, socket, to, number(step, 'bytes') ?? 10, discoveryOf(step));
  return () => {
    const sightings = heard.slice(heardBefore);
    const answers = (opened?.received ?? []).map(
      (answer) => `${answer.bytes} bytes from ${formatIpv4(answer.source)}:${answer.sourcePort}`,
    );
    const errors = connected ? (opened?.errors ?? []) : [];
    closeDatagramSocket(session.world, socket);
    const hosts = sightings.map(({ host }) => host);
    return {
      rs: hosts.length === 1 ? hosts[0] : hosts,
      rs_dst: sightings.map(({ destination }) => formatIpv4(destination)),
      got: [
        ...(sent === 'too-big' ? ['send:EMSGSIZE'] : []),
        ...answers,
        ...errors.map((error) => ICMP_WORDS[error] ?? String(error)),
      ],
    };
  };
}
