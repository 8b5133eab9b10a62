import type { DaemonCall } from '../processes/daemons.ts';
import { beginScript } from './script.ts';

/** Scripts by the state that is entered, empty for none; `always` is told which one that is. */
export interface NotifySetting {
  readonly master: string;
  readonly backup: string;
  readonly fault: string;
  readonly stop: string;
  readonly always: string;
}

/**
 * notify_master and its like, then notify, of a vrrp_instance that has entered a state (vrrp_notify.c). To be
 * called once its addresses are where they belong.
 */
export function notify(
  call: DaemonCall,
  instance: { readonly name: string; readonly priority: number; readonly notify: NotifySetting },
  state: 'master' | 'backup' | 'fault' | 'stop',
): void {
  const { [state]: own, always } = instance.notify;
  beginScript(call, own);
  if (always === '') return;
  beginScript(call, `${always} INSTANCE ${instance.name} ${state.toUpperCase()} ${instance.priority}`);
}
