import * as m from '../paraglide/messages.js';
import type { DecisionCause } from '../worker/api.ts';

/** The word for what decided. */
export function causeText(cause: DecisionCause): string {
  switch (cause) {
    case 'scheduled':
      return m.cause_scheduled();
    case 'template':
      return m.cause_template();
    case 'rescheduled':
      return m.cause_rescheduled();
    case 'no-server':
      return m.cause_no_server();
    case 'not-eligible':
      return m.cause_not_eligible();
    case 'one-packet':
      return m.cause_one_packet();
    case 'other':
      return m.cause_other();
  }
}
