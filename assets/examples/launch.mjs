// A teller application in Node starts a card scan in Loket and hears what came of it.
//   node launch.mjs REQUEST.json [PROGRAM [ARGUMENT…]]
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** Runs one flow. The request goes in by standard input, so that the token is in no file and among no arguments. */
export function launch(request, program = 'loket', before = []) {
  return new Promise((resolve, reject) => {
    const loket = spawn(program, [...before, 'launch', '-'], { stdio: ['pipe', 'pipe', 'inherit'] });
    let output = '';
    loket.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    loket.on('error', reject);
    // 0, 3 and 4 come with a result; anything else does not.
    loket.on('close', (code) => ([0, 3, 4].includes(code) ? resolve(JSON.parse(output)) : reject(new Error(`loket: ${code}`))));
    loket.stdin.end(JSON.stringify(request));
  });
}

const [file, program, ...before] = process.argv.slice(2);
const result = await launch(JSON.parse(await readFile(file, 'utf8')), program, before);
console.log(JSON.stringify(result));
