import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A resolver for Node: inside TF.js, whose modules name each other without `.js`, as bundlers find them. */
export async function resolve(specifier, context, next) {
  const inside = context.parentURL?.includes('/node_modules/@tensorflow/');
  if (inside && specifier.startsWith('.') && !specifier.endsWith('.js')) {
    const url = new URL(`${specifier}.js`, context.parentURL);
    if (existsSync(fileURLToPath(url))) return next(url.href, context);
  }
  return next(specifier, context);
}
