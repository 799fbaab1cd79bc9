import { Command } from 'commander';
import { addApply } from './commands/apply.ts';
import { addCreate } from './commands/create.ts';
import type { Runtime } from './commands/define.ts';
import { addDoctor } from './commands/doctor.ts';
import { addGenerate } from './commands/generate.ts';
import { addGenerationCommands } from './commands/generations.ts';
import { addImages } from './commands/images.ts';
import { addJudges } from './commands/judges.ts';
import { addLibrary } from './commands/library.ts';
import { addModels } from './commands/models.ts';
import { addOrganisation } from './commands/organisation.ts';
import { addPreview } from './commands/preview.ts';
import { addProjects } from './commands/projects.ts';
import { addReport } from './commands/report.ts';
import { addReview } from './commands/review.ts';
import { addRubricDraft } from './commands/rubric-draft.ts';
import { addTest } from './commands/test.ts';
import { addUsage } from './commands/usage.ts';
import { DEFAULT_ADDRESS } from './session.ts';
import { version } from './version.ts';

const AFTER = `
Environment:
  ATELIER_ADDRESS   gateway: host:port, http://… or https://… (default ${DEFAULT_ADDRESS})
  ATELIER_API_KEY   key of your team, where the platform asks for one
  ATELIER_PROJECT   project of generate, create and preview
  ATELIER_REVIEWER  who decides, in review
  NO_COLOR          no colours

Exit codes:
  0  done; for commands that wait for an image: approved
  1  failed                      5  the key is missing or lacks a scope
  2  wrong arguments or fields   6  a budget or limit is used up
  3  ended, and not approved     7  there is no such thing
  4  unreachable, or too late  130  interrupted; a generation goes on

Examples:
  atelier apply deploy/samples/produce-cutouts
  atelier generate -p produce-cutouts --var item=apples --var count=3 --var colour=red -o apples.png
  atelier explain generations/ID
  atelier report generations/ID --html apples.html
  atelier help models`;

/** The whole command line. */
export function buildProgram(runtime: Runtime): Command {
  const { io } = runtime;
  const program = new Command('atelier')
    .description('Has images made, judged and refined by Atelier.')
    .version(version)
    .option('--address <address>', 'the gateway (default: ATELIER_ADDRESS)')
    .option('--json', 'results as JSON on standard output')
    .option('-q, --quiet', 'no words, only what was asked for')
    .option('--timeout <time>', 'longest time for a call, such as 30s or 5m')
    .addHelpText('after', AFTER)
    .showHelpAfterError('(add --help for how it is used)')
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .exitOverride();
  addGenerate(program, runtime);
  addCreate(program, runtime);
  addGenerationCommands(program, runtime);
  addReport(program, runtime);
  addPreview(program, runtime);
  addModels(program, runtime);
  addProjects(program, runtime);
  addLibrary(program, runtime, 'templates');
  addRubricDraft(addLibrary(program, runtime, 'rubrics'), runtime);
  addApply(program, runtime);
  addOrganisation(program, runtime);
  addTest(program, runtime);
  addReview(program, runtime);
  addUsage(program, runtime);
  addImages(program, runtime);
  addJudges(program, runtime);
  addDoctor(program, runtime);
  return program;
}
