import { expose, transfer } from 'comlink';
import type { Api, Batch } from './api.ts';
import { createDesk } from './desk.ts';

const desk = createDesk(() => performance.now());

/** The columns of numbers change hands instead of being copied; the worker has no use for them any more. */
function handOver(batch: Batch): Batch {
  const { time, columns } = batch.series;
  const buffers = [time.buffer, ...[...columns.values()].map((column) => column.buffer)];
  if (batch.frames !== undefined) buffers.push(batch.frames.rows.buffer);
  return transfer(batch, buffers);
}

const api: Api = {
  ...desk,
  pull: async (request) => handOver(await desk.pull(request)),
  step: async (cursor) => handOver(await desk.step(cursor)),
  stepFrame: async (cursor) => handOver(await desk.stepFrame(cursor)),
  record: async (at) => {
    const answer = await desk.record(at);
    return transfer(answer, [answer.bytes.buffer]);
  },
  stepBack: async (cursor) => handOver(await desk.stepBack(cursor)),
  execute: async (host, command, cursor) => handOver(await desk.execute(host, command, cursor)),
  type: async (host, line, cursor) => handOver(await desk.type(host, line, cursor)),
  interrupt: async (host, cursor) => handOver(await desk.interrupt(host, cursor)),
};
expose(api);
