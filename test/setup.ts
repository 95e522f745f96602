/** Property tests use one seed, so that a run can be repeated; `FUZZ=1 npm test` looks further. */
import fc from 'fast-check';

if (!process.env.FUZZ) fc.configureGlobal({ seed: 20_261_123 });
