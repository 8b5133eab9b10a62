import { type WeightZeroCase, type WeightZeroCell, weightZeroTable } from '@lvscope/ipvs';
import type { Words } from '@lvscope/scenario';

/** A cell of the table "weight is 0, why does it still get traffic?", with its answer in one sentence. */
export interface WeightZeroAnswer extends WeightZeroCell {
  readonly answer: Words;
}

const OPEN_QUIESCENT: Words = {
  en: 'Weight 0 stops new connections only: this one stays on the dead server until the client gives up.',
  zh: '权值 0 只挡新连接：这个连接仍留在死掉的服务器上，直到客户端放弃。',
};
const TEMPLATE: Words = {
  en: 'The client’s template still names this server, whatever its weight, and each attempt renews it.',
  zh: '客户端的模板仍指向这台服务器，不管权值是多少，而且每次尝试都会续期。',
};
const FREED: Words = {
  en: 'A template to a server of weight 0 is no longer valid, so the client is scheduled afresh.',
  zh: '指向权值 0 服务器的模板已失效，客户端被重新调度。',
};
const SCHEDULED: Words = {
  en: 'Without -p every connection is scheduled, and no scheduler chooses weight 0.',
  zh: '没有 -p 时每个连接都重新调度，调度算法不会选权值 0 的服务器。',
};
const DELETED: Words = {
  en: 'The server is in the list no longer, and a template to it is not valid.',
  zh: '服务器已不在列表里，指向它的模板也无效。',
};
const SILENCE: Words = {
  en: 'The connection’s server is gone: its packets are dropped in silence until its entry expires.',
  zh: '连接的服务器没了：报文被悄悄丢弃，直到表项过期。',
};
const RESET: Words = {
  en: 'The entry goes with the server; the next packet is answered with a reset: the client can begin anew.',
  zh: '表项随服务器一起清除，下一个报文得到复位：客户端可以马上重连。',
};

function answerOf(one: WeightZeroCase): Words {
  const open = one.packet === 'open-connection';
  if (!one.quiescent) return open ? (one.expireNodestConn ? RESET : SILENCE) : DELETED;
  if (open) return OPEN_QUIESCENT;
  if (!one.persistent) return SCHEDULED;
  return one.expireQuiescentTemplate ? FREED : TEMPLATE;
}

/** All 32 cases of quiescent, -p, packet and the two sysctls, each asked of a director and explained. */
export function weightZeroAnswers(): WeightZeroAnswer[] {
  return weightZeroTable().map((cell) => ({ ...cell, answer: answerOf(cell) }));
}
