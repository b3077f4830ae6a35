import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { isLive, isLoaded, openDashboard, PAGES, TARGET } from "./dashboard.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Runs axe from the devtools' side, where the page's Content-Security-Policy does not reach. */
async function violations(page) {
  const { readFile } = await import("node:fs/promises");
  await page.evaluate(await readFile(AXE, "utf8"));
  const { violations: found } = await page.evaluate(
    (values) => globalThis.axe.run(document, { runOnly: { type: "tag", values } }),
    TAGS,
  );
  return found.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map((node) => `${node.target.join(" ")} (${node.failureSummary})`).join(" | ")}`,
  );
}

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing on any page, ${colorScheme}`, async (t) => {
    const page = await openDashboard(t, "/overview", { colorScheme, reducedMotion: "reduce" });
    for (const path of PAGES) {
      await page.goto(TARGET + path);
      await isLoaded(page);
      assert.deepEqual(await violations(page), [], path);
    }
  });

  test(`axe finds nothing in tables, dialogs and on a phone, ${colorScheme}`, async (t) => {
    const page = await openDashboard(t, "/overview", { colorScheme, reducedMotion: "reduce" });
    await isLive(page);
    await page.getByRole("button", { name: "Show the trend as a table" }).click();
    await page.getByRole("button", { name: "Custom time range" }).click();
    await page.getByLabel("From").waitFor();
    assert.deepEqual(await violations(page), [], "trend table and custom range");

    await page.goto(`${TARGET}/posts?label=negative&range=24h`);
    await page.getByTestId("posts").getByRole("button").first().click();
    await page.getByRole("dialog", { name: "Post" }).getByText("Written by its author").waitFor();
    assert.deepEqual(await violations(page), [], "post detail");

    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of PAGES) {
      await page.goto(TARGET + path);
      await isLoaded(page);
      assert.deepEqual(await violations(page), [], `${path} on a phone`);
    }
  });
}

test("what moves is not animated for those who prefer reduced motion", async (t) => {
  const page = await openDashboard(t, "/posts", { reducedMotion: "reduce" });
  await page.getByTestId("posts").getByRole("button").first().click();
  await page.getByRole("dialog", { name: "Post" }).waitFor();
  const longest = await page.evaluate(() =>
    Math.max(
      ...document
        .getAnimations()
        .map((animation) => Number(animation.effect?.getComputedTiming().duration) || 0),
      0,
    ),
  );
  assert(longest < 50, `an animation of ${longest} ms`);
});
