// Assembles the one WebAssembly program there is into the TypeScript module that carries it, so that neither a build nor the
// built gateway needs an assembler. With --check it writes nothing and says whether the module is what the source says.
import { readFileSync, writeFileSync } from 'node:fs';
import openWabt from 'wabt';

const source = new URL('../src/domain/container-scan.wat', import.meta.url);
const target = new URL('../src/domain/container-scan-program.ts', import.meta.url);

const wabt = await openWabt();
const parsed = wabt.parseWat(source.pathname, readFileSync(source, 'utf8'), { simd: true });
parsed.validate();
const base64 = Buffer.from(parsed.toBinary({}).buffer).toString('base64');
const lines = base64.match(/.{1,110}/g).map((line) => `  '${line}'`);
const text = `// Made from container-scan.wat by \`npm run assemble\`.

/** The program as base64. */
export const containerScanProgram =
${lines.join(' +\n')};
`;

if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  console.error('container-scan-program.ts is not what container-scan.wat says: run "npm run assemble"');
  process.exitCode = 1;
}
