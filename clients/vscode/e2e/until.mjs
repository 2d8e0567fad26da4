// Wait for a condition, looking again and again; what is never so fails with words that say what.

const OFTEN = 50;

/** The first true answer; an error counts as "not yet" and is told when the time is up. */
export async function until(what, ask, seconds = 30) {
  const end = Date.now() + seconds * 1_000;
  let last;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) {
        return answer;
      }
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      throw new Error(`not within ${seconds} s: ${what}${last ? ` (${last.message})` : ""}`);
    }
    await new Promise((resolve) => setTimeout(resolve, OFTEN));
  }
}
