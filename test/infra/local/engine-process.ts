/** An engine in a process of its own, for tests that kill it: `engine-process.ts <assembly> <data folder>` prints its URL. */
import { startEngine } from '../../../infra/local/engine.ts';

const [assembly = '', dataDir = ''] = process.argv.slice(2);
const engine = await startEngine({ assembly, dataDir, port: 0, onLog: (line) => console.error(line) });
console.log(engine.url);
