export { presentTerms, termKey, wordPattern } from './terms.ts';
