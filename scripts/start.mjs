import { ensureDependencies, root } from './dependencies.mjs';

/** npm start: installs what is missing, builds, serves `dist/` and prints the address. `npm start -- --port 8080 --host`. */
ensureDependencies();
const { build, preview } = await import('vite');

const option = (name) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : (process.argv[at + 1] ?? true);
};

await build({ root, logLevel: 'warn' });
const server = await preview({
  root,
  preview: { port: Number(option('port') ?? process.env.PORT ?? 4173), host: option('host') ?? 'localhost' },
});
console.log('\nOrbitscape is running. Open this address in a browser (Ctrl-C stops it):\n');
server.printUrls();
