export {
  at,
  LiquidProblem,
  type LiquidText,
  type Position,
  parseLiquid,
  renderLiquid,
  type UsedVariable,
} from './liquid.ts';
