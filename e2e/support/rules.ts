/** What `ipvsadm -Sn` prints on directors of the three kinds. */
export const DR_RULES = `-A -t 10.20.0.100:443 -s wlc -p 600
-a -t 10.20.0.100:443 -r 10.20.0.11:443 -g -w 3
-a -t 10.20.0.100:443 -r 10.20.0.12:443 -g -w 1
-a -t 10.20.0.100:443 -r 10.20.0.13:443 -g -w 0
`;

export const NAT_RULES = `-A -t 203.0.113.7:80 -s wrr
-a -t 203.0.113.7:80 -r 172.16.5.11:8080 -m -w 2
-a -t 203.0.113.7:80 -r 172.16.5.12:8080 -m -w 1
-A -u 203.0.113.7:53 -s rr
-a -u 203.0.113.7:53 -r 172.16.5.11:53 -m -w 1
`;

export const MARK_RULES = `-A -f 7 -s lc -p 300
-a -f 7 -r 192.168.70.11:0 -g -w 1
-a -f 7 -r 192.168.70.12:0 -i -w 1
`;

/** Rules with so many real servers in DR. */
export function manyServers(count: number): string {
  const servers = Array.from({ length: count }, (_, i) => {
    const address = `10.40.${Math.floor(i / 200)}.${(i % 200) + 10}`;
    return `-a -t 10.40.250.1:80 -r ${address}:80 -g -w 1`;
  });
  return ['-A -t 10.40.250.1:80 -s rr', ...servers, ''].join('\n');
}
