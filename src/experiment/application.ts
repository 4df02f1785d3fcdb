import { version } from '../../package.json';

/** What wrote a trajectory: 'orbitscape 0.1.0'. */
export const application = `orbitscape ${version}`;
