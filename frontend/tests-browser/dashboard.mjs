import assert from "node:assert/strict";
import { openBrowser } from "./browser.mjs";

/**
 * Browser tests run against a pipeline that is already up and receives posts:
 *   SENTISTREAM_URL          address of API and dashboard (needed)
 *   SENTISTREAM_REDIS_URL    its broker; without it the tests that write to the stream are skipped
 *   SENTISTREAM_API_RESTART  shell command that restarts the API; without it the tests cut the connection
 */
export const TARGET = process.env.SENTISTREAM_URL ?? "";
assert(TARGET, "SENTISTREAM_URL must be the address of a running SentiStream, such as http://127.0.0.1:8000");

export const PAGES = ["/overview", "/posts", "/try", "/pipeline"];

/** A browser on the dashboard, closed when the test ends; page errors and CSP violations fail the test. */
export async function openDashboard(t, path = "/overview", options = {}) {
  const { base = TARGET, ...context } = options;
  const { page, close } = await openBrowser(context);
  const problems = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && message.text().includes("Content Security Policy"))
      problems.push(message.text());
  });
  t.after(async () => {
    await close();
    assert.deepEqual(problems, [], "errors in the page");
  });
  await page.goto(base + path);
  return page;
}

export const connection = (page) => page.getByTestId("connection");

export async function isLive(page, timeout = 15_000) {
  await connection(page).filter({ hasText: "Live" }).waitFor({ timeout });
}

/** The page's code and what it asked for are there: nothing is a skeleton any more. */
export async function isLoaded(page) {
  await isLive(page);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await eventually(
    "content in place of skeletons",
    async () => (await page.locator(".mantine-Skeleton-root").count()) === 0,
    30_000,
  );
}

/** Asks until `condition` answers something true, and answers that. */
export async function eventually(what, condition, timeout = 15_000) {
  const deadline = Date.now() + timeout;
  let last;
  for (;;) {
    last = await condition();
    if (last) return last;
    assert(Date.now() < deadline, `not within ${timeout} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Where an element is, once it no longer moves. */
export async function settledBox(locator) {
  let last = null;
  return eventually("an element that stays where it is", async () => {
    const box = await locator.boundingBox();
    const settled = box && JSON.stringify(box) === JSON.stringify(last) ? box : null;
    last = box;
    return settled;
  });
}

export async function api(path, options = {}) {
  const response = await fetch(TARGET + path, options);
  assert(response.ok, `${path}: ${response.status} ${await response.clone().text()}`);
  return response.status === 204 ? null : response.json();
}

export const number = (text) => Number(text.replaceAll(/[^\d.-]/g, ""));
