export { presentTerms, termKey } from './terms.ts';
