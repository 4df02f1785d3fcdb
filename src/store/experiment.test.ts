import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultExperiment } from '../experiment/defaults.ts';
import { createExperimentHistory } from './experiment.ts';

const titled = (title: string) => ({ ...defaultExperiment, title });
const title = (history: ReturnType<typeof createExperimentHistory>) =>
  history.store.getState().experiment.title;

test('a drag is one undo step', () => {
  const history = createExperimentHistory(titled('start'));
  for (let i = 0; i < 50; i++) history.edit(titled(`drag ${i}`), 'first drag');
  for (let i = 0; i < 50; i++) history.edit(titled(`again ${i}`), 'second drag');
  history.undo();
  expect(title(history)).toBe('drag 49');
  history.undo();
  expect(title(history)).toBe('start');
  expect(history.store.getState()).toMatchObject({ canUndo: false, canRedo: true });
});

test('edits without a gesture are steps of their own', () => {
  const history = createExperimentHistory(titled('start'));
  history.edit(titled('one'));
  history.edit(titled('two'));
  history.undo();
  expect(title(history)).toBe('one');
});

test('an undo ends the gesture, and an edit ends the future', () => {
  const history = createExperimentHistory(titled('start'));
  history.edit(titled('one'), 'drag');
  history.edit(titled('two'), 'drag');
  history.undo();
  history.edit(titled('three'), 'drag');
  expect(history.store.getState().canRedo).toBe(false);
  history.undo();
  expect(title(history)).toBe('start');
});

test('a reverted edit leaves no trace', () => {
  const history = createExperimentHistory(titled('start'));
  history.edit(titled('bad import'));
  history.revert();
  expect(title(history)).toBe('start');
  expect(history.store.getState()).toMatchObject({ canUndo: false, canRedo: false });
});

test('at most `limit` steps are kept', () => {
  const history = createExperimentHistory(titled('start'), 3);
  for (let i = 0; i < 10; i++) history.edit(titled(String(i)));
  let steps = 0;
  while (history.undo()) steps++;
  expect(steps).toBe(3);
  expect(title(history)).toBe('6');
});

test('undo then redo is the identity', () => {
  const edits = fc.array(fc.tuple(fc.string(), fc.constantFrom(undefined, 'a', 'b')), { maxLength: 20 });
  fc.assert(
    fc.property(edits, fc.nat(20), (list, count) => {
      const history = createExperimentHistory(titled('start'));
      for (const [text, gesture] of list) history.edit(titled(text), gesture);
      const before = history.store.getState().experiment;
      let undone = 0;
      while (undone < count && history.undo()) undone++;
      for (let i = 0; i < undone; i++) history.redo();
      expect(history.store.getState().experiment).toBe(before);
    }),
    { seed: 1 },
  );
});
