import assert from "node:assert/strict";
import { test } from "node:test";
import { api, openDashboard, TARGET } from "./dashboard.mjs";

test("/docs shows every operation of the OpenAPI document, and asks no other server", async (t) => {
  const page = await openDashboard(t, "/overview");
  const elsewhere = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(TARGET) && !url.startsWith("data:")) elsewhere.push(url);
  });
  await page.goto(`${TARGET}/docs`);
  const { paths, openapi } = await api("/openapi.json");
  assert.match(openapi, /^3\.1/);
  const operations = Object.values(paths).flatMap((path) => Object.keys(path));
  await page
    .locator(".opblock")
    .nth(operations.length - 1)
    .waitFor();
  assert.equal(await page.locator(".opblock").count(), operations.length);

  const stats = page.locator(".opblock", { has: page.locator('[data-path="/api/stats"]') });
  await stats.locator(".opblock-summary-control").click();
  await stats.getByRole("button", { name: "Try it out" }).click();
  await stats.getByRole("button", { name: "Execute" }).click();
  await stats.locator(".live-responses-table").getByText('"counts"').first().waitFor();
  assert.deepEqual(elsewhere, []);
});
