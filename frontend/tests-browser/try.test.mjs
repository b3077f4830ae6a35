import assert from "node:assert/strict";
import { test } from "node:test";
import { api, openDashboard } from "./dashboard.mjs";

test("a sentence goes through the real pipeline and comes back classified", async (t) => {
  const page = await openDashboard(t, "/try");
  const sentence = `I am so happy with this wonderful, brilliant evening ${Date.now()}`;
  await page.getByRole("textbox", { name: "Text to classify" }).fill(sentence);
  const accepted = page.waitForResponse((response) => response.url().endsWith("/api/posts"));
  await page.getByRole("button", { name: "Classify" }).click();
  const response = await accepted;
  assert.equal(response.status(), 202);
  await page.getByTestId("label").filter({ hasText: "Positive" }).waitFor({ timeout: 60_000 });
  const { ids } = await response.json();
  assert.equal((await api(`/api/posts/${ids[0]}`)).content, sentence);
});
