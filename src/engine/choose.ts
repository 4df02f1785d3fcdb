import { formatDuration } from '../flow/duration.ts';
import type { FlowPlan } from '../flow/plan.ts';
import { inputsAreIdentity } from '../model/data.ts';
import { isMlpProblem, type Problem } from '../model/problem.ts';
import { type CalibratorOptions, createCalibrator } from './calibration/calibrator.ts';
import { atWorst, predict, type Workload, workload } from './calibration/speed.ts';
import { type Available, type Candidate, type EngineSources, engineCandidates } from './candidates.ts';
import { createCpuEngine } from './cpu/cpu-engine.ts';
import { type Engine, type EngineChoice, type EngineKind, EngineRefusedError } from './engine.ts';

/** What the user asks for. */
export type EnginePreference = 'auto' | Candidate['kind'];

/** What tests may take into their own hands. */
export interface EngineChooserOptions extends Partial<EngineSources> {
  /** Default `engineCandidates`. */
  readonly candidates?: readonly Candidate[];
  readonly calibration?: CalibratorOptions;
  /** Milliseconds that an engine has to show that it works; default `PATIENCE`. */
  readonly patience?: number;
}

/** A driver that has not answered by then (an overloaded or hung one) is passed over for this run. */
const PATIENCE = 10_000;
/** Seconds of a run for which no further engine is asked: to load TF.js, to get a device and to test it costs as much. */
const SHORT_RUN = 2;
/** A measurement this many times slower than what is assumed tells of a busy machine. */
const FAR_OFF = 4;
/** Float64 is worth this factor: an engine in float32 must be so much faster than one in float64 to be taken. */
const WORTH_OF_FLOAT64 = 1.25;

/** Decides which engine runs a problem, and says why. Keeps the device, the engines, their speeds and the verdicts of self-tests. */
export interface EngineChooser {
  /**
   * The engine for `flows` flows of a plan. With 'auto' the one that is expected to finish first, without asking further
   * engines once a run is short, nor one that would take longer at its best; any other preference is followed where that engine can run, else the reason says why not.
   * Throws EngineRefusedError when no engine can run it.
   */
  choose(
    preference: EnginePreference,
    problem: Problem,
    plan: FlowPlan,
    flows: number,
  ): Promise<EngineChoice>;
}

/** An engine that could run the problem. */
interface Offer {
  readonly candidate: Candidate;
  readonly engine: Engine;
  readonly check: Available['check'];
  readonly seconds: number;
}

interface Refusal {
  /** One clause. */
  readonly reason: string;
  /** true: the engine would run another problem. */
  readonly unfit?: boolean;
}

/** An engine that was not asked: at its best it takes so many seconds, longer than one that was. */
interface Hopeless {
  readonly kind: EngineKind;
  readonly seconds: number;
}

/** Builds the chooser. */
export function createEngineChooser(options: EngineChooserOptions = {}): EngineChooser {
  const { cpu = createCpuEngine(), calibration, patience = PATIENCE, ...sources } = options;
  const { candidates = engineCandidates({ cpu, ...sources }) } = options;
  const calibrator = createCalibrator(calibration);
  const verdicts = new Map<string, Promise<string | null>>();

  async function secondsOn({ assumed, probes }: Candidate, engine: Engine, load: Workload): Promise<number> {
    const known = calibrator.known(engine);
    const guess = !known && assumed ? predict(assumed, load) : Number.POSITIVE_INFINITY;
    if (guess <= SHORT_RUN) return guess;
    const speed = known ?? (await calibrator.speedOf(engine, probes));
    return predict(assumed ? atWorst(speed, FAR_OFF, assumed) : speed, load);
  }

  /** Whether the candidate can run the problem, and how long that would take. */
  async function ask(
    candidate: Candidate,
    problem: Problem,
    plan: FlowPlan,
    flows: number,
    pinned: boolean,
  ): Promise<Offer | Refusal> {
    const refusal = candidate.refuses(problem, plan);
    if (refusal) return { reason: `${candidate.label}: ${refusal}`, unfit: true };
    const created = await candidate.create();
    if (!('engine' in created)) return created;
    const { engine, check, passedOver } = created;
    if (passedOver && !pinned) return { reason: `${candidate.label}: ${passedOver}` };
    const objection = engine.unsupported(problem, plan, flows);
    if (objection) return { reason: `${candidate.label}: ${objection}`, unfit: true };
    const seconds = await secondsOn(candidate, engine, workload(problem, plan, flows));
    return { candidate, engine, check, seconds };
  }

  /** null when the engine computes what the cpu computes, else one clause. The same kernels are tested once. */
  async function prove({ engine, check }: Offer, problem: Problem, plan: FlowPlan): Promise<Refusal | null> {
    const key = `${engine.kind} ${kernelKey(problem, plan)}`;
    const verdict = verdicts.get(key) ?? check(problem, plan);
    verdicts.set(key, verdict);
    const failure = await verdict;
    return failure === null ? null : { reason: `self-test failed: ${failure}` };
  }

  /** What comes of `work`, or a refusal when the candidate does not answer in time or fails. */
  async function patiently<T>(
    { label }: Candidate,
    milliseconds: number,
    work: () => Promise<T>,
  ): Promise<T | Refusal> {
    const late = {
      reason: `${label} did not answer within ${Number((milliseconds / 1000).toPrecision(2))} s`,
    };
    try {
      return await within(milliseconds, work(), late);
    } catch (error) {
      return { reason: `${label}: ${error instanceof Error ? error.message : error}` };
    }
  }

  return {
    async choose(preference, problem, plan, flows) {
      const refusals: Refusal[] = [];
      const offers: Offer[] = [];
      // Nobody is waited for longer than the run would take without them.
      const limit = () => Math.min(patience, ...offers.map(({ seconds }) => 1000 * seconds));
      const offerOf = async (candidate: Candidate): Promise<Offer | null> => {
        const pinned = candidate.kind === preference;
        const answer = await patiently(candidate, limit(), () =>
          ask(candidate, problem, plan, flows, pinned),
        );
        if ('engine' in answer) return answer;
        refusals.push(answer);
        return null;
      };
      const passes = async (offer: Offer): Promise<boolean> => {
        const refusal = await patiently(offer.candidate, patience, () => prove(offer, problem, plan));
        if (refusal) refusals.unshift(refusal);
        return refusal === null;
      };
      const choice = ({ engine, candidate, seconds }: Offer, reason: string): EngineChoice => ({
        engine,
        reason: reason + candidate.note(plan),
        seconds,
      });

      const wanted = candidates.find(({ kind }) => kind === preference);
      const asked = wanted && (await offerOf(wanted));
      if (asked && (await passes(asked))) return choice(asked, 'chosen by you');

      const hopeless: Hopeless[] = [];
      for (const candidate of candidates) {
        if (candidate === wanted) continue;
        if (offers.some(({ seconds }) => seconds <= SHORT_RUN)) break;
        const least = predict(candidate.atBest, workload(problem, plan, flows));
        if (!candidate.refuses(problem, plan) && offers.some(({ seconds }) => seconds <= least)) {
          hopeless.push({ kind: candidate.kind, seconds: least });
          continue;
        }
        const offer = await offerOf(candidate);
        if (offer) offers.push(offer);
      }
      for (const offer of offers.toSorted((a, b) => cost(a) - cost(b))) {
        if (await passes(offer))
          return choice(offer, wanted ? refusals[0]!.reason : whyBest(offer, offers, hopeless, refusals));
      }
      // The cpu engine has the widest limit of all: its sentence is the one that helps.
      throw new EngineRefusedError(
        cpu.unsupported(problem, plan, flows) ??
          `No engine can run this (${refusals.map(({ reason }) => reason).join('; ')}): try again.`,
      );
    },
  };
}

/** What decides between offers. */
const cost = ({ engine, seconds }: Offer): number =>
  engine.precision === 'float64' ? seconds : WORTH_OF_FLOAT64 * seconds;

/** Why an offer is the best, in one clause: how long the others would take, else why there are no others. */
function whyBest(
  best: Offer,
  offers: readonly Offer[],
  hopeless: readonly Hopeless[],
  refusals: readonly Refusal[],
): string {
  const failed = refusals.find(({ reason }) => reason.startsWith('self-test failed'));
  if (failed) return failed.reason;
  const others = offers.filter((offer) => offer !== best);
  if (others.length + hopeless.length === 0) return refusals[0]?.reason ?? 'short run';
  const times = [
    ...others.map(({ candidate, seconds }) => `${candidate.kind} about ${formatDuration(seconds)}`),
    ...hopeless.map(({ kind, seconds }) => `${kind} at least ${formatDuration(seconds)}`),
  ].join(', ');
  const why = others.some(({ seconds }) => seconds < best.seconds)
    ? 'hardly slower, in float64'
    : 'fastest here';
  const absent = refusals.find(({ unfit }) => !unfit);
  return `${why}: ${times}${best.candidate.kind === 'cpu' && absent ? `; ${absent.reason}` : ''}`;
}

/** Problems and plans with the same key run the same kernels. */
function kernelKey(problem: Problem, plan: FlowPlan): string {
  const stops = plan.stop.gradientNorm !== undefined;
  const data = isMlpProblem(problem)
    ? [problem.dataset.samples, inputsAreIdentity(problem.dataset), problem.loss]
    : [];
  return JSON.stringify([problem.architecture, ...data, plan.integrator, plan.record.by, stops]);
}

/** The value of a promise, or `otherwise` when it takes longer than `milliseconds`; the work goes on unobserved. */
function within<T, U>(milliseconds: number, work: Promise<T>, otherwise: U): Promise<T | U> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(otherwise), milliseconds);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
