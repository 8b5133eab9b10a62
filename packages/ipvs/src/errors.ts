/** The kernel's answer to a command that it refuses; the tool that asked turns it into words. */
export interface IpvsError {
  /** Name of the errno. */
  readonly code: 'EEXIST' | 'ESRCH' | 'ENOENT' | 'EINVAL' | 'ENODEV' | 'ERANGE' | 'EPERM';
  /** What was refused. */
  readonly what:
    | 'service'
    | 'destination'
    | 'scheduler'
    | 'persistence-engine'
    | 'weight'
    | 'threshold'
    | 'tunnel'
    | 'timeout'
    | 'daemon'
    | 'sysctl';
}

export type IpvsResult = IpvsError | undefined;
