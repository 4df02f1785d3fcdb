import { describe, expect, it } from 'vitest';
import { defaultExperiment } from '../../experiment/defaults.ts';
import { withIntegrator } from '../../experiment/edit-flow.ts';
import { withTeleportations } from '../../experiment/edit-teleportations.ts';
import { parseExperiment } from '../../experiment/validate.ts';
import { scheduleChoice, scheduleChoices, withScheduleChoice } from './schedule.ts';

const fixed = withIntegrator(defaultExperiment, 'rk4');

describe('choosing a schedule', () => {
  it.each(scheduleChoices)('%s is a valid experiment of that kind', (choice) => {
    const chosen = withScheduleChoice(fixed, choice);
    expect(scheduleChoice(chosen.teleportations)).toBe(choice);
    expect(parseExperiment(JSON.parse(JSON.stringify(chosen)))).toEqual(chosen);
  });

  it('keeps how the flows jump', () => {
    const aimed = withTeleportations(withScheduleChoice(fixed, 'at'), {
      objective: 'conserved-quantity',
      target: 3,
      twin: false,
    });
    for (const choice of scheduleChoices.filter((name) => name !== 'never')) {
      expect(withScheduleChoice(aimed, choice).teleportations).toMatchObject({ target: 3, twin: false });
    }
  });

  it('jumps within the flow, adaptive or not', () => {
    expect(withScheduleChoice(defaultExperiment, 'at-time').teleportations).toMatchObject({ atTime: [67] });
    const { teleportations, flow } = withScheduleChoice(fixed, 'at');
    if (!teleportations || !('at' in teleportations) || !('steps' in flow))
      throw new Error('no list of steps');
    expect(teleportations.at).toEqual([Math.round(flow.steps / 3)]);
  });

  it('never takes them away, and choosing what is there changes nothing', () => {
    const chosen = withScheduleChoice(fixed, 'every');
    expect(withScheduleChoice(chosen, 'every')).toBe(chosen);
    expect('teleportations' in withScheduleChoice(chosen, 'never')).toBe(false);
  });
});
