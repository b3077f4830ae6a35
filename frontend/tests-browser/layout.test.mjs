import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually, isLive, openDashboard, PAGES, TARGET } from "./dashboard.mjs";

const scheme = (page) => page.locator("html").getAttribute("data-mantine-color-scheme");

test("the theme follows the system, can be chosen, and stays chosen", async (t) => {
  const page = await openDashboard(t, "/overview", { colorScheme: "dark" });
  assert.equal(await scheme(page), "dark");
  await page.getByRole("button", { name: /^Theme: system/ }).click();
  assert.equal(await scheme(page), "light");
  await page.reload();
  assert.equal(await scheme(page), "light");
  await page.getByRole("button", { name: /^Theme: light/ }).click();
  assert.equal(await scheme(page), "dark");
});

for (const [name, width, height] of [
  ["a phone", 390, 844],
  ["a small phone", 320, 640],
  ["a wall", 1920, 1080],
]) {
  test(`every page fits ${name}`, async (t) => {
    const page = await openDashboard(t, "/overview", { viewport: { width, height } });
    for (const path of PAGES) {
      await page.goto(TARGET + path);
      await isLive(page);
      await page.waitForLoadState("networkidle").catch(() => {});
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      assert(over <= 0, `${path} is ${over} px too wide`);
    }
  });
}

test("on a phone the pages are reached from the bottom bar", async (t) => {
  const page = await openDashboard(t, "/overview", { viewport: { width: 390, height: 844 } });
  const nav = page.getByRole("navigation", { name: "Pages" });
  const box = await nav.boundingBox();
  assert(box.y > 700, `the bar is at ${box.y}`);
  await nav.getByRole("link", { name: "Posts" }).click();
  await page.getByRole("heading", { name: "Posts", level: 1 }).waitFor();
});

test("the keyboard skips to the content and walks the pages", async (t) => {
  const page = await openDashboard(t);
  await isLive(page);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to content");
  await page.keyboard.press("Enter");
  await eventually("focus in the content", () => page.evaluate(() => document.activeElement.id === "main"));
});

test("an unknown address says so and leads on", async (t) => {
  const page = await openDashboard(t, "/nowhere");
  await page.getByText("There is no page at this address").waitFor();
  await page.getByRole("link", { name: "Go to the overview" }).click();
  await page.waitForURL(/\/overview/);
});
