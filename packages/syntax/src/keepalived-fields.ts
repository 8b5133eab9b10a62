/** How the value of a keyword is written. */
export type FieldKind =
  /** a whole number */
  | 'number'
  /** a number, perhaps with a fraction */
  | 'decimal'
  /** one word */
  | 'word'
  /** the keyword alone, or with on/off, true/false, yes/no */
  | 'flag'
  /** a number that may be left out: then the keyword's own default */
  | 'optional'
  /** read by nobody here */
  | 'ignored';

export type Fields = Readonly<Record<string, FieldKind>>;

/** keepalived.conf(5), global_defs. */
export const GLOBAL_FIELDS: Fields = {
  router_id: 'word',
  notification_email_from: 'ignored',
  smtp_server: 'ignored',
  smtp_connect_timeout: 'ignored',
  smtp_alert: 'ignored',
  enable_script_security: 'ignored',
  script_user: 'ignored',
  checker_log_all_failures: 'flag',
  vrrp_version: 'number',
  vrrp_mcast_group4: 'word',
  vrrp_garp_master_delay: 'number',
  vrrp_garp_master_repeat: 'number',
  vrrp_garp_master_refresh: 'number',
  vrrp_garp_master_refresh_repeat: 'number',
  vrrp_garp_lower_prio_delay: 'number',
  vrrp_garp_lower_prio_repeat: 'number',
  vrrp_garp_interval: 'decimal',
  vrrp_min_garp: 'flag',
  vrrp_strict: 'flag',
  vrrp_skip_check_adv_addr: 'ignored',
  lvs_flush: 'flag',
  lvs_flush_onstop: 'flag',
};

/** vrrp_instance */
export const INSTANCE_FIELDS: Fields = {
  state: 'word',
  interface: 'word',
  virtual_router_id: 'number',
  priority: 'number',
  advert_int: 'decimal',
  version: 'number',
  nopreempt: 'flag',
  preempt: 'ignored',
  preempt_delay: 'decimal',
  use_vmac: 'flag',
  vmac_xmit_base: 'flag',
  unicast_src_ip: 'word',
  mcast_src_ip: 'word',
  lvs_sync_daemon_interface: 'word',
  garp_master_delay: 'number',
  garp_master_repeat: 'number',
  garp_master_refresh: 'number',
  garp_master_refresh_repeat: 'number',
  garp_lower_prio_delay: 'number',
  garp_lower_prio_repeat: 'number',
  garp_interval: 'decimal',
  higher_prio_send_advert: 'flag',
  dont_track_primary: 'flag',
  accept: 'flag',
  notify: 'word',
  notify_master: 'word',
  notify_backup: 'word',
  notify_fault: 'word',
  notify_stop: 'word',
  smtp_alert: 'ignored',
  debug: 'ignored',
};

/** virtual_server; what a real_server inherits stands here too. */
export const VIRTUAL_FIELDS: Fields = {
  delay_loop: 'decimal',
  lb_algo: 'word',
  lvs_sched: 'word',
  lb_kind: 'word',
  lvs_method: 'word',
  persistence_timeout: 'optional',
  persistence_granularity: 'word',
  protocol: 'word',
  ops: 'flag',
  alpha: 'flag',
  omega: 'flag',
  quorum: 'number',
  hysteresis: 'number',
  weight: 'number',
  retry: 'number',
  delay_before_retry: 'decimal',
  connect_timeout: 'decimal',
  warmup: 'decimal',
  inhibit_on_failure: 'flag',
  sorry_server_inhibit: 'flag',
  sorry_server_lvs_method: 'word',
  ha_suspend: 'ignored',
  virtualhost: 'word',
  quorum_up: 'word',
  quorum_down: 'word',
};

export const REAL_FIELDS: Fields = {
  weight: 'number',
  lvs_method: 'word',
  uthreshold: 'number',
  lthreshold: 'number',
  inhibit_on_failure: 'flag',
  alpha: 'flag',
  retry: 'number',
  delay_before_retry: 'decimal',
  delay_loop: 'decimal',
  connect_timeout: 'decimal',
  warmup: 'decimal',
  virtualhost: 'word',
  notify_up: 'word',
  notify_down: 'word',
};

/** TCP_CHECK, HTTP_GET, SSL_GET and MISC_CHECK. */
export const CHECK_FIELDS: Fields = {
  connect_ip: 'word',
  connect_port: 'number',
  bindto: 'ignored',
  connect_timeout: 'decimal',
  retry: 'number',
  nb_get_retry: 'number',
  delay_before_retry: 'decimal',
  delay_loop: 'decimal',
  warmup: 'decimal',
  alpha: 'flag',
  virtualhost: 'word',
  misc_path: 'word',
  misc_timeout: 'decimal',
  misc_dynamic: 'flag',
  user: 'ignored',
};

export const URL_FIELDS: Fields = {
  path: 'word',
  status_code: 'number',
  digest: 'word',
  virtualhost: 'word',
};
