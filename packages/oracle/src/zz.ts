import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { readTrace } from './trace.ts';
import { factsOf } from './facts.ts';
import { judge } from './verify.ts';
import { replay } from './replay/replay.ts';
const name = process.argv[2]!; const stride = Number(process.argv[3] ?? 4); const sub = Number(process.argv[4] ?? 0);
const r = readTrace(name, gunzipSync(readFileSync(`packages/oracle/traces/${name}.json.gz`)).toString());
if (!r.ok) throw new Error(r.problem);
const recorded = r.trace.observations.map(factsOf);
let best = Infinity; const out: string[] = [];
for (let c = sub; c < Number(process.argv[5] ?? 16384); c += stride) {
  const rep = judge(r.trace, recorded, replay(r.trace, { counterMs: 0, clockMs: c }), best + 2);
  if (rep.differ <= best) { best = rep.differ; out.push(`${c}:${rep.differ}`); }
}
console.log(name, best, out.slice(-12).join(' '));
