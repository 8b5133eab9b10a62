export type {
  DaemonSettings,
  ForwardingMethod,
  IpvsadmCommand,
  IpvsadmParsed,
  IpvsadmRefusal,
  ListFormat,
  ListWhat,
  ServerAddress,
  ServerSettings,
  ServiceAddress,
  ServiceSettings,
  TunnelChoice,
} from './ipvsadm-command.ts';
export { PLAIN_LIST, SEGMENTATION_FAULT } from './ipvsadm-command.ts';
export { parseIpvsadm } from './ipvsadm-parse.ts';
export {
  familyOf,
  formatServerAddress,
  formatServerRule,
  formatServiceAddress,
  formatServiceOption,
  formatServiceSettings,
  formatTunnelOptions,
  printIpvsadm,
} from './ipvsadm-print.ts';
export { MAX_RULES_CHARACTERS, MAX_RULES_SERVERS, parseRules, problemOf } from './ipvsadm-save.ts';
export type { PlacedCommand, RulesFile } from './ipvsadm-save.ts';
export { splitConfigLines } from './config-lines.ts';
export type { ConfigLine } from './config-lines.ts';
export { compareIpv6, parseAton, parseIpv6, parseIpv6Groups } from './inet-text.ts';
export { parseLong, parseNumberWithin } from './numbers.ts';
export { COMMON_PORT_NAMES, nameOfPort, NO_PORT_NAMES, portOfName } from './port-names.ts';
export type { PortName } from './port-names.ts';
export { placeWords } from './problem.ts';
export type { Parsed, PlacedWord, Position, Problem } from './problem.ts';
export { formatSchedulerFlags, listedSchedulerFlags, parseSchedulerFlags } from './scheduler-flags.ts';
export { parseShellLine } from './shell-line.ts';
export { printShell, printWord, quoteWord } from './shell-script.ts';
export type {
  ForLoop,
  Redirect,
  ShellCommand,
  ShellScript,
  ShellStep,
  ShellWord,
  SimpleCommand,
  WordPart,
} from './shell-script.ts';
export { parseSysctl, printSysctl, sysctlFile, sysctlName, sysctlPath, sysctlPathOfFile } from './sysctl.ts';
export type { SysctlCommand, SysctlItem } from './sysctl.ts';
export { formatPrefix, networkOf, parsePrefix } from './prefix.ts';
export type { Prefix } from './prefix.ts';
export { parseIp } from './ip/parse.ts';
export { printIp } from './ip/print.ts';
export { parseIpRoute, printIpRoute } from './ip/route.ts';
export type {
  IpCommand,
  IpInvocation,
  IpOptions,
  IpRefusal,
  IpRoute,
  LinkChange,
  NeighbourQuery,
  NudName,
  ParsedIp,
} from './ip/command.ts';
export { parseIptables } from './iptables.ts';
export { CHAINS_OF, ICMP_TYPES, printFirewallRule, printIptables, protocolWord } from './iptables-rule.ts';
export type {
  FirewallChain,
  FirewallRule,
  FirewallTable,
  Negatable,
  IptablesCommand,
  ListOptions,
} from './iptables-rule.ts';
export { parseKeepalived } from './keepalived.ts';
export type {
  Check,
  CheckKind,
  ConfigWarning,
  KeepalivedConfig,
  KeepalivedRead,
  RealServer,
  VirtualServer,
  VrrpInstance,
} from './keepalived.ts';
export type {
  CheckSettings,
  KeepalivedGlobals,
  RealServerSettings,
  UrlSettings,
  VirtualServerSettings,
  VrrpSettings,
} from './keepalived-settings.ts';
export { printKeepalived } from './keepalived-print.ts';
export { parseHaCf, parseHaResources, printHaCf, printHaResources } from './heartbeat.ts';
export type { HeartbeatConfig, HeartbeatResource, ResourceGroup } from './heartbeat.ts';
export { parseLdirectord, printLdirectord } from './ldirectord.ts';
export type { LdirectordConfig, LdirectordReal, LdirectordVirtual } from './ldirectord.ts';
export { parseLvsCf, printLvsCf } from './lvs-cf.ts';
export type { PiranhaConfig, PiranhaServer, PiranhaVirtual } from './lvs-cf.ts';
