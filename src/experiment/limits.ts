/** What a document may ask for. Each limit is a number that the page stays usable at, not a limit of the theory. */
export const limits = {
  /** Weight layers of a network. */
  layers: { minimum: 2, maximum: 6 },
  /** Units of one layer. */
  width: { minimum: 1, maximum: 1024 },
  seed: { minimum: 0, maximum: 2 ** 32 - 1 },
  samples: { minimum: 1, maximum: 65_536 },
  replicas: { minimum: 0, maximum: 255 },
  sweepCount: { minimum: 2, maximum: 257 },
  steps: { minimum: 1, maximum: 1e9 },
  /** Recorded frames of one flow. */
  frames: { minimum: 2, maximum: 100_000 },
  /** Jumps of one flow. */
  teleportations: { minimum: 0, maximum: 1000 },
  /** Steps of one ascent. */
  iterations: { minimum: 1, maximum: 1000 },
  tolerance: { minimum: 1e-14, maximum: 0.1 },
  titleLength: 200,
  descriptionLength: 2000,
  messageLength: 2000,
  /** Bytes of a file, and so of a document that is to be opened again. */
  fileBytes: 64 * 2 ** 20,
  /** Characters of a link that browsers, mail and chat still carry. */
  linkLength: 32_000,
} as const;
