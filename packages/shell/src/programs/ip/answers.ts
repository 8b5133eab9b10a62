import type { CommandResult } from '@lvscope/cluster';
import { failed } from '../../program.ts';

export const noDevice = (dev: string): CommandResult => failed(1, `Cannot find device "${dev}"`);

/** What the kernel refuses without a word of its own. */
export const netlink = (text: string): CommandResult => failed(2, `RTNETLINK answers: ${text}`);

/** What the kernel refuses with a word of its own. */
export const extended = (text: string): CommandResult => failed(2, `Error: ${text}`);
