import { defaultExperiment } from '../experiment/defaults.ts';
import { DocumentError } from '../experiment/document-error.ts';
import type { Experiment } from '../experiment/experiment.ts';
import { experimentFromHash, experimentToHash } from '../experiment/link.ts';
import { frameCount } from '../experiment/memory.ts';
import { largestJumpCount } from '../experiment/teleportations.ts';
import type { Trajectory } from '../experiment/trajectory.ts';
import { checkFileSize, parseDocument } from '../experiment/validate.ts';
import type { Client, ClientEvent } from '../workers/client.ts';
import { createExperimentHistory } from './experiment.ts';
import { createNoticeStore } from './notice.ts';
import { createPlaybackStore } from './playback.ts';
import { createPlaybackLoop, type FrameClock } from './playback-loop.ts';
import { createPreferencesStore, type PreferenceStorage } from './preferences.ts';
import { createPresets, type FetchText } from './presets.ts';
import { createRunStore, type RunState } from './run.ts';
import { createRunWriter } from './run-writer.ts';
import type { NoticeState, Session } from './session-types.ts';
import { createSymmetry } from './symmetry.ts';

/** What a session stands on; tests hand in their own. */
export interface SessionOptions {
  readonly client: Client;
  /** Folder of index.json and the presets it names, without a slash at its end. */
  readonly presetsUrl: string;
  readonly fetchText: FetchText;
  /** null: nothing is remembered between visits. */
  readonly storage: PreferenceStorage | null;
  readonly clock: FrameClock;
  /** true: nothing plays by itself. */
  readonly reducedMotion: boolean;
  /** The address of the page without its hash, and the hash it was opened with. */
  readonly address: { readonly page: string; readonly hash: string };
}

/** Builds the session and runs the experiment of the page's link, or the default one. */
export function createSession(options: SessionOptions): Session {
  const { client, clock, address } = options;
  const notice = createNoticeStore();
  const preferences = createPreferencesStore(options.storage);
  const presets = createPresets(options.presetsUrl, options.fetchText);
  const history = createExperimentHistory(defaultExperiment);
  const run = createRunStore();
  const writer = createRunWriter(run, clock);
  const { receive: receiveSymmetry, ...symmetry } = createSymmetry(client);
  const playbackStore = createPlaybackStore();
  const playback = createPlaybackLoop(playbackStore, clock, options.reducedMotion);
  /** The run of a document that was opened and has not started yet. */
  let opening: number | null = null;
  let presetRequests = 0;
  /** The sentence of the latest run that failed: the next run that starts takes it away. */
  let failure = '';
  /** What was last said about the engine: it is said once, not with every run. */
  let engineMessage = '';

  const say = (kind: NoticeState['kind'], text: string) => notice.setState({ kind, text });
  const present = () => history.store.getState().experiment;
  const chart = () => preferences.getState().chart;

  const compute = (experiment: Experiment, restart = false): number => {
    const id = client.run(experiment, chart(), restart);
    writer.asked(id);
    opening = null;
    return id;
  };

  /** A notice is about what was done last: the next thing done takes it away. */
  const unsay = () => {
    if (notice.getState().text) notice.setState({ text: '' });
  };

  const open = (document: Experiment | Trajectory) => {
    unsay();
    if (document.type === 'orbitscape/experiment') {
      history.edit(document);
      opening = compute(document);
    } else {
      history.edit(document.experiment);
      opening = client.replay(document, chart());
      writer.asked(opening);
    }
  };

  const openText = (text: string) => {
    try {
      open(parseDocument(text));
    } catch (error) {
      say('error', sentence(error, 'The file could not be opened'));
    }
  };

  const receive = (event: ClientEvent) => {
    writer.receive(event);
    receiveSymmetry(event);
    if (event.type === 'started') {
      if (event.run === opening) opening = null;
      if (failure && notice.getState().text === failure) notice.setState({ text: '' });
      const { experiment, teleportation } = event.summary;
      // The note in the set-up says it too, but a jump that was asked for and does not come needs a sentence.
      if (teleportation && !teleportation.teleports && largestJumpCount(experiment) > 0) {
        say('information', teleportation.message);
      }
    }
    if (event.type === 'engine' && event.engine.message && event.engine.message !== engineMessage) {
      engineMessage = event.engine.message;
      say('information', engineMessage);
    }
    if (event.type !== 'failed' && event.type !== 'crashed') return;
    failure = event.message;
    say('error', failure);
    // What could not even start is no experiment to go on editing.
    if (event.run === opening) {
      opening = null;
      history.revert();
    }
  };

  const followRun = (state: RunState, before: RunState) => {
    if (state.frames !== before.frames) playback.restart();
    if (state.revision === before.revision && state.status === before.status) return;
    const done = state.status !== 'running' && state.status !== 'starting';
    const expected = state.summary ? frameCount(state.summary.experiment) - 1 : 0;
    playback.recorded(Math.max(0, state.frames.length - 1), expected, done);
  };

  const stopListening = client.listen(receive);
  const stopFollowing = run.subscribe(followRun);
  start();

  /** Runs what the page was opened with. */
  function start(): void {
    let linked: Experiment | null = null;
    try {
      linked = experimentFromHash(address.hash);
    } catch (error) {
      say('error', sentence(error, 'The link could not be opened'));
    }
    if (linked) history.begin(linked);
    compute(present());
  }

  return {
    experiment: history.store,
    run,
    playback: playbackStore,
    preferences,
    notice,
    ...symmetry,

    edit(experiment, gesture) {
      unsay();
      history.edit(experiment, gesture);
      compute(experiment);
    },
    undo() {
      const experiment = history.undo();
      if (!experiment) return;
      unsay();
      compute(experiment);
    },
    redo() {
      const experiment = history.redo();
      if (!experiment) return;
      unsay();
      compute(experiment);
    },
    reset() {
      if (!playbackStore.getState().playing) playback.seek(0);
      compute(present(), true);
    },
    cancel() {
      writer.asked(client.cancel());
    },

    presets: () => presets.list(),
    async openPreset(file) {
      const request = ++presetRequests;
      try {
        const experiment = await presets.load(file);
        if (request === presetRequests) open(experiment);
      } catch (error) {
        say('error', sentence(error, `The preset ${file} could not be loaded`));
      }
    },
    async openFile(file) {
      try {
        checkFileSize(file.size);
        openText(await file.text());
      } catch (error) {
        say('error', sentence(error, 'The file could not be read'));
      }
    },
    openText,
    exportTrajectory: (parameters) => client.export(parameters),
    link: () => `${address.page}${experimentToHash(present())}`,

    selectChart(kind) {
      preferences.setState({ chart: kind });
      client.chart(kind);
    },
    play: playback.play,
    pause: playback.pause,
    step: playback.step,
    seek: playback.seek,
    setSpeed: playback.setSpeed,
    dispose() {
      stopListening();
      stopFollowing();
      playback.dispose();
      writer.dispose();
      client.dispose();
    },
  };
}

/** What went wrong, as one sentence for the user. */
function sentence(error: unknown, what: string): string {
  if (error instanceof DocumentError) return error.message;
  const reason = error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 200) : String(error);
  return `${what} (${reason}): try again.`;
}
