import { type Bound, judged, type Row } from './row.ts';
import { median, range } from './statistics.ts';

/** Something that does work and is timed. */
export interface Contender {
  readonly label: string;
  /** Does `amount` units of work (whole steps, whole surfaces) and returns the milliseconds that they took. */
  run(amount: number): Promise<number>;
  /** Work per turn; absent: as much as takes the contest's time, and at least `least`. */
  readonly amount?: number;
  /** The least work beside which what a call costs once is small; default 1. */
  readonly least?: number;
}

/** A contender that is not there, and why. */
export interface Missing {
  readonly label: string;
  readonly missing: string;
}

export interface Peer {
  readonly contender: Contender | Missing;
  /** On the ratio. */
  readonly bound?: Bound;
}

export interface Contest {
  readonly name: string;
  readonly unit: string;
  /** A figure is milliseconds per unit of work times this. */
  readonly factor: number;
  readonly subject: Contender;
  readonly peers: readonly Peer[];
}

/** How long to measure: `rounds` turns of about `milliseconds` for each contender. */
export interface Effort {
  readonly rounds: number;
  readonly milliseconds: number;
}

/**
 * Measures the subject and its peers in turns, A B C, C B A, .., after a warm-up: what slows the machine for a while slows them
 * all. One row per peer (one in all when there is none); its ratio is the median of the ratios within a turn.
 */
export async function contest(
  { name, unit, factor, subject, peers }: Contest,
  effort: Effort,
): Promise<Row[]> {
  const present = peers.flatMap(({ contender }) => ('run' in contender ? [contender] : []));
  const entrants = [subject, ...present];
  const amounts = new Map<Contender, number>();
  for (const entrant of entrants) amounts.set(entrant, entrant.amount ?? (await calibrated(entrant, effort)));
  const figures = new Map<Contender, number[]>(entrants.map((entrant) => [entrant, []]));
  for (let round = 0; round < effort.rounds; round++) {
    for (const entrant of round % 2 === 0 ? entrants : entrants.toReversed()) {
      const amount = amounts.get(entrant)!;
      figures.get(entrant)!.push(((await entrant.run(amount)) / amount) * factor);
    }
  }
  const own = figures.get(subject)!;
  const base = { name, unit, value: median(own), valueRange: range(own) };
  if (peers.length === 0) return [base];
  return peers.map(({ contender, bound }) => {
    const named = { ...base, peer: contender.label, ...(bound && { bound }) };
    if ('missing' in contender) return { ...named, note: contender.missing };
    const theirs = figures.get(contender)!;
    const ratios = theirs.map((value, i) => value / own[i]!);
    return judged({ ...named, peerValue: median(theirs), ratio: median(ratios), ratioRange: range(ratios) });
  });
}

const LARGEST_GROWTH = 8;

/** The amount of work that takes about the time of a turn; finding it warms the contender up. */
async function calibrated({ run, least = 1 }: Contender, { milliseconds }: Effort): Promise<number> {
  let amount = least;
  for (;;) {
    const taken = await run(amount);
    const wanted = (amount * milliseconds) / Math.max(taken, 1e-3);
    if (taken >= milliseconds / 2) return Math.max(least, Math.round(wanted));
    amount = Math.ceil(Math.min(wanted, LARGEST_GROWTH * amount));
  }
}
