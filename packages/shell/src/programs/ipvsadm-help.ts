export const IPVSADM_VERSION = 'ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)\n';

/** Our own words: what each command needs. The real tool's text is longer. */
export const IPVSADM_HELP = `Services; SERVICE is one of
  -t ADDRESS:PORT, -u ADDRESS:PORT, --sctp-service ADDRESS:PORT, -f MARK [-6]
  ipvsadm -A SERVICE [-s SCHEDULER] [-p [SECONDS]] [-M NETMASK] [-o] [-b FLAGS] [--pe sip]   add
  ipvsadm -E SERVICE ...                        edit; what is left out goes back to its default
  ipvsadm -D SERVICE                            delete
  ipvsadm -C                                    delete all
Servers:
  ipvsadm -a SERVICE -r ADDRESS[:PORT] [-g|-i|-m] [-w WEIGHT] [-x UPPER] [-y LOWER]   add
  ipvsadm -e SERVICE -r ADDRESS[:PORT] ...      edit; what is left out goes back to its default
  ipvsadm -d SERVICE -r ADDRESS[:PORT]          delete
Lists:
  ipvsadm -L|-l [SERVICE] [-n] [--stats|--rate|--thresholds|--persistent-conn|--tun-info] [--exact] [--nosort]
  ipvsadm -L -c [-n]                            connections
  ipvsadm -L --timeout, ipvsadm -L --daemon
Others:
  ipvsadm -S [-n], ipvsadm -R                   write the rules, read them
  ipvsadm -Z [SERVICE]                          counters to zero
  ipvsadm --set TCP TCPFIN UDP                  timeouts in seconds, 0 keeps one
  ipvsadm --start-daemon master|backup [--mcast-interface DEV] [--syncid N]
  ipvsadm --stop-daemon master|backup
Schedulers: rr wrr lc wlc lblc lblcr dh sh sed nq fo ovf mh; the default is wlc.
`;
