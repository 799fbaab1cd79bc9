import { afterEach, describe } from '@jest/globals';
import { testAnswers } from './conformance/answers.ts';
import { testBounds } from './conformance/bounds.ts';
import { testFailures } from './conformance/failures.ts';
import { testMoney } from './conformance/money.ts';
import { testSecrets } from './conformance/secrets.ts';
import { Stage, type Subject } from './conformance/stage.ts';

/** What every driver does, whatever its vendor's protocol. The vendor is a scripted server. */
export function describeConformance(subject: Subject): void {
  describe(`${subject.type} conforms`, () => {
    const stage = new Stage(subject);
    afterEach(() => stage[Symbol.asyncDispose]());
    testAnswers(stage);
    testFailures(stage);
    testBounds(stage);
    testMoney(stage);
    testSecrets(stage);
  });
}
