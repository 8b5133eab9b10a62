import { preset, type Scenario } from '@lvscope/scenario';

/** A DR cluster, frame by frame, in which nobody told one server not to answer for the VIP. */
export function withoutCure(server: string): string {
  const scenario = preset('stress-one-source-no-p');
  if (scenario === undefined) throw new Error('the preset of the stress test is gone');
  const hosts = scenario.hosts.map((host) =>
    host.name === server ? { ...host, setup: host.setup.filter((line) => !line.includes('arp_')) } : host,
  );
  return JSON.stringify({ ...scenario, detail: 'packet', hosts } satisfies Scenario);
}
