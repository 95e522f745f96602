/** The lab in a process of its own, so that its work does not count as ours. */
import { createLab } from '../test/lab/lab.ts';
import { scenario } from './scenario.ts';

const lab = await createLab(scenario);
process.once('disconnect', () => void lab.stop());
process.send?.({ args: lab.args, options: lab.options });
