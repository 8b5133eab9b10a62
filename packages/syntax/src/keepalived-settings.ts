/** Keywords of keepalived.conf by block, by their own names; what was left out has the daemon's default. */

export interface KeepalivedGlobals {
  readonly router_id?: string;
  readonly checker_log_all_failures?: boolean;
  readonly vrrp_version?: number;
  readonly vrrp_mcast_group4?: string;
  readonly vrrp_garp_master_delay?: number;
  readonly vrrp_garp_master_repeat?: number;
  readonly vrrp_garp_master_refresh?: number;
  readonly vrrp_garp_master_refresh_repeat?: number;
  readonly vrrp_garp_lower_prio_delay?: number;
  readonly vrrp_garp_lower_prio_repeat?: number;
  readonly vrrp_garp_interval?: number;
  readonly vrrp_min_garp?: boolean;
  readonly vrrp_strict?: boolean;
  readonly lvs_flush?: boolean;
  readonly lvs_flush_onstop?: boolean;
}

export interface VrrpSettings {
  readonly state?: string;
  readonly interface?: string;
  readonly virtual_router_id?: number;
  readonly priority?: number;
  readonly advert_int?: number;
  readonly version?: number;
  readonly nopreempt?: boolean;
  readonly preempt_delay?: number;
  readonly use_vmac?: boolean;
  readonly vmac_xmit_base?: boolean;
  readonly unicast_src_ip?: string;
  readonly mcast_src_ip?: string;
  readonly lvs_sync_daemon_interface?: string;
  readonly garp_master_delay?: number;
  readonly garp_master_repeat?: number;
  readonly garp_master_refresh?: number;
  readonly garp_master_refresh_repeat?: number;
  readonly garp_lower_prio_delay?: number;
  readonly garp_lower_prio_repeat?: number;
  readonly garp_interval?: number;
  readonly higher_prio_send_advert?: boolean;
  readonly dont_track_primary?: boolean;
  readonly accept?: boolean;
  readonly notify?: string;
  readonly notify_master?: string;
  readonly notify_backup?: string;
  readonly notify_fault?: string;
  readonly notify_stop?: string;
}

export interface VirtualServerSettings {
  readonly delay_loop?: number;
  readonly lb_algo?: string;
  readonly lvs_sched?: string;
  readonly lb_kind?: string;
  readonly lvs_method?: string;
  readonly persistence_timeout?: number;
  readonly persistence_granularity?: string;
  readonly protocol?: string;
  readonly ops?: boolean;
  readonly alpha?: boolean;
  readonly omega?: boolean;
  readonly quorum?: number;
  readonly hysteresis?: number;
  readonly quorum_up?: string;
  readonly quorum_down?: string;
  readonly weight?: number;
  readonly retry?: number;
  readonly delay_before_retry?: number;
  readonly connect_timeout?: number;
  readonly warmup?: number;
  readonly inhibit_on_failure?: boolean;
  readonly sorry_server_inhibit?: boolean;
  readonly sorry_server_lvs_method?: string;
  readonly virtualhost?: string;
}

export interface RealServerSettings {
  readonly weight?: number;
  readonly lvs_method?: string;
  readonly uthreshold?: number;
  readonly lthreshold?: number;
  readonly inhibit_on_failure?: boolean;
  readonly alpha?: boolean;
  readonly retry?: number;
  readonly delay_before_retry?: number;
  readonly delay_loop?: number;
  readonly connect_timeout?: number;
  readonly warmup?: number;
  readonly virtualhost?: string;
  readonly notify_up?: string;
  readonly notify_down?: string;
}

export interface CheckSettings {
  readonly connect_ip?: string;
  readonly connect_port?: number;
  readonly connect_timeout?: number;
  readonly retry?: number;
  readonly nb_get_retry?: number;
  readonly delay_before_retry?: number;
  readonly delay_loop?: number;
  readonly warmup?: number;
  readonly alpha?: boolean;
  readonly virtualhost?: string;
  readonly misc_path?: string;
  readonly misc_timeout?: number;
  readonly misc_dynamic?: boolean;
}

export interface UrlSettings {
  readonly path?: string;
  readonly status_code?: number;
  readonly digest?: string;
  readonly virtualhost?: string;
}
