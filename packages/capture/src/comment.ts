/** What was decided about a frame, as a world tells it. */
export interface Reason {
  /** ns */
  readonly at: number;
  readonly host: string;
  /** A packet's journey; 0: it is about the ARP frame `frame`. */
  readonly journey: number;
  readonly frame: number;
  readonly kind: 'drop' | 'arp-withheld' | 'decision';
  /** Why it was dropped, or which setting forbade an answer; of a decision the scheduler. */
  readonly what: string;
  readonly server: string | undefined;
  readonly byTemplate: boolean;
  readonly candidates: readonly {
    readonly name: string;
    readonly weight: number;
    readonly activeConns: number;
    readonly inactConns: number;
  }[];
}

/** A reason as a sentence for a capture file, which has one language. */
export function reasonComment(reason: Reason): string {
  const { host, what } = reason;
  switch (reason.kind) {
    case 'drop':
      return `dropped by ${host}: ${what}`;
    case 'arp-withheld':
      return `${host} does not answer, because of ${what}`;
    case 'decision':
      return decisionComment(reason);
  }
}

function decisionComment({ host, what, server, byTemplate, candidates }: Reason): string {
  if (server === undefined) return `${host} chose nobody (${what})`;
  if (byTemplate) return `${host} chose ${server}: no scheduler was asked, the client is bound to it`;
  const seen = candidates.map(
    (one) => `${one.name} weight ${one.weight} active ${one.activeConns} inactive ${one.inactConns}`,
  );
  return `${host} chose ${server} by ${what} among ${seen.join(', ')}`;
}
