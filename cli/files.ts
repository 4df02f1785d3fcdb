import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { checkFileSize } from '../src/experiment/validate.ts';
import { CommandError } from './command-error.ts';

/** The text of a file, or of standard input for '-'. Throws CommandError, or DocumentError when it is too large. */
export async function readText(path: string): Promise<string> {
  if (path === '-') return readStandardInput();
  try {
    checkFileSize((await stat(path)).size);
    return await readFile(path, 'utf8');
  } catch (error) {
    throw asCommandError(error, `Cannot read ${path}`, 'give the path of an experiment in JSON');
  }
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    checkFileSize(bytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Writes a file whole or not at all: into a neighbour first, which then takes its name. Undefined is standard output. */
export async function writeText(path: string | undefined, text: string): Promise<void> {
  if (path === undefined) return writeStandardOutput(text);
  const neighbour = `${path}.${process.pid}.part`;
  try {
    const file = await open(neighbour, 'wx');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(neighbour, path);
  } catch (error) {
    await rm(neighbour, { force: true });
    throw asCommandError(error, `Cannot write ${path}`, 'give --out a file in a folder that can be written');
  }
}

const writeStandardOutput = (text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    process.stdout.once('error', (error) =>
      reject(asCommandError(error, 'Cannot write to standard output', 'use --out FILE')),
    );
    process.stdout.write(text, () => resolve());
  });

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  ENOTDIR: 'a part of the path is no folder',
  ENOSPC: 'the disk is full',
  EPIPE: 'the reader has closed it',
};

/** A system error as a sentence; other errors as they are. */
function asCommandError(error: unknown, what: string, advice: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (!code) return error;
  return new CommandError(`${what}: ${reasons[code] ?? code}; ${advice}.`);
}
