// The steps of the stories: each is run, looked at by a screenshot, and told with its outcome.

import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";

export class Steps {
  passed = 0;
  failed = 0;

  constructor(folder) {
    this.folder = folder;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }

  /**
   * Run the steps of one story. The first that fails ends the story, not the others.
   * @param run gets a function that runs one step: its name, the window to look at, what to do
   */
  async story(name, run) {
    const begun = Date.now();
    console.log(`\n${name}`);
    try {
      await run((step, editor, action) => this.step(`${name}: ${step}`, step, editor, action));
      return true;
    } catch (error) {
      if (!(error instanceof StepFailed)) {
        this.failed += 1;
        console.log(`  FAILED outside a step: ${error.stack}`);
      }
      return false;
    } finally {
      console.log(`  ${((Date.now() - begun) / 1_000).toFixed(1)} s`);
    }
  }

  async step(full, name, editor, action) {
    const begun = Date.now();
    const number = String(this.passed + this.failed + 1).padStart(2, "0");
    const words = full
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .slice(0, 70)
      .replace(/-$/, "");
    const file = path.join(this.folder, `${number}-${words}.png`);
    try {
      const answer = await action();
      this.passed += 1;
      await picture(editor, file);
      console.log(
        `  ok      ${name}  (${Date.now() - begun} ms)  ${path.relative(process.cwd(), file)}`,
      );
      return answer;
    } catch (error) {
      this.failed += 1;
      await picture(editor, file).catch(() => undefined);
      console.log(
        `  FAILED  ${name}  ${path.relative(process.cwd(), file)}\n          ${error.message}`,
      );
      throw new StepFailed(name);
    }
  }
}

class StepFailed extends Error {}

function picture(editor, file) {
  return editor.page.screenshot({ path: file });
}
