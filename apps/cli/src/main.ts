import { presets } from '@lvscope/scenario';
import { Command } from 'commander';
import { capacity, type CapacityOptions } from './capacity.ts';
import { type ImportOptions, importFile } from './import.ts';
import { endWithReader, print } from './print.ts';
import { run, type RunOptions } from './run.ts';
import { verify, type VerifyOptions } from './verify.ts';

const collect = (value: string, all: readonly string[] = []): string[] => [...all, value];

const program = new Command()
  .name('lvscope')
  .description('The LVScope engine without a screen')
  .showHelpAfterError('(lvscope --help tells what there is)');

program
  .command('run')
  .description('run a scenario (a preset or a file) and print where it ends')
  .argument('<scenario>', 'a preset or a scenario document')
  .option('--seed <number>', "another seed than the document's")
  .option('--until <seconds>', "simulated seconds, instead of the document's duration")
  .option('--set <path=value>', 'change a field of the document; may be given again', collect)
  .option('--json', 'print the end state as JSON')
  .option('--pcapng <file>', 'run at packet level and write every frame there, for Wireshark')
  .option('--interface <name>', 'only what d1:eth0 (or a host, or a network) sees')
  .action((scenario: string, options: RunOptions) => {
    process.exitCode = run(scenario, options);
  });

program
  .command('import')
  .description('make a scenario document of ipvsadm-save text')
  .argument('<file>', 'output of ipvsadm -Sn')
  .option('-o, --output <file>', 'write the document there instead of to standard output')
  .action((file: string, options: ImportOptions) => {
    process.exitCode = importFile(file, options);
  });

program
  .command('verify')
  .description('replay recordings of a real kernel and compare every observation')
  .argument('<trace...>', 'trace files (.json, .json.gz) or folders of them')
  .option('--covered', 'list what is not compared, by kind, with the reason')
  .option('--json <file>', 'write the outcome of every recording into a file')
  .option('--divergences <number>', 'how many divergences of a trace to print', '1')
  .option('--keep-phases', 'infer the clocks anew and write them down beside the recordings')
  .option('--jobs <number>', 'how many traces to replay at once; without it one a processor')
  .action(async (traces: string[], options: VerifyOptions) => {
    process.exitCode = await verify(traces, options);
  });

program
  .command('capacity')
  .description('how many real servers one director can feed, by forwarding method')
  .option('--bandwidth <mbit/s>', 'link of the director')
  .option('--packet-cost <ns>', "director's CPU time for a packet")
  .option('--server <bytes/s>', 'what a real server delivers')
  .option('--response <bytes>', 'size of a reply')
  .option('--servers <list>', 'numbers of servers to try, such as 10,20,50')
  .action((options: CapacityOptions) => {
    process.exitCode = capacity(options);
  });

program
  .command('presets')
  .description('list the built-in scenarios')
  .action(() => {
    for (const { id, title } of presets()) print(`${id.padEnd(24)} ${title.en}`);
  });

endWithReader();
void program.parseAsync();
