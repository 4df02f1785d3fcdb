import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import { DocumentError } from './document-error.ts';
import type { Experiment } from './experiment.ts';
import { limits } from './limits.ts';
import { parseExperiment, parseJson } from './validate.ts';

const KEY = '#experiment=';

/** An experiment as the hash of a URL: deflated JSON in base64url. Throws DocumentError when it is too long for a link. */
export function experimentToHash(experiment: Experiment): string {
  const hash = `${KEY}${toBase64Url(deflateSync(strToU8(JSON.stringify(experiment)), { level: 9 }))}`;
  if (hash.length <= limits.linkLength) return hash;
  throw new DocumentError(
    '',
    `The experiment is too long for a link (${hash.length} characters, at most ${limits.linkLength}): export it as a file instead.`,
  );
}

/** The experiment in the hash of a URL; null when the hash holds none. Throws DocumentError when it is damaged. */
export function experimentFromHash(hash: string): Experiment | null {
  if (!hash.startsWith(KEY)) return null;
  return parseExperiment(parseJson(inflated(hash.slice(KEY.length))));
}

function inflated(encoded: string): string {
  if (encoded.length > limits.linkLength) throw damaged('too long');
  try {
    return strFromU8(inflateSync(fromBase64Url(encoded)));
  } catch {
    throw damaged('damaged');
  }
}

const damaged = (how: string): DocumentError =>
  new DocumentError('', `The link is ${how} and holds no experiment: copy the whole link again.`);

function toBase64Url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64Url(text: string): Uint8Array {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
