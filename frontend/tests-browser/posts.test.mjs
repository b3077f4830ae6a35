import assert from "node:assert/strict";
import { test } from "node:test";
import { api, eventually, isLive, openDashboard } from "./dashboard.mjs";

const rows = (page) => page.getByTestId("posts").locator("li");

test("a filter narrows the feed, is in the address, and can be shared", async (t) => {
  const page = await openDashboard(t, "/posts");
  await rows(page).first().waitFor();
  await page.getByRole("radiogroup", { name: "Sentiment" }).getByText("Negative").click();
  await page.waitForURL(/label=negative/);
  const onlyNegative = async () => {
    const labels = await rows(page).evaluateAll((items) => items.map((item) => item.dataset.label));
    return labels.length > 0 && labels.every((label) => label === "negative");
  };
  await eventually("only negative posts", onlyNegative);
  await page.reload();
  await rows(page).first().waitFor();
  assert(await onlyNegative());
});

test("a search finds the posts that say it", async (t) => {
  const [post] = (await api("/api/posts/recent?limit=1")).posts;
  const word = post.content.match(/\p{L}{5,}/u)?.[0] ?? post.content.split(" ")[0];
  const page = await openDashboard(t, "/posts");
  await page.getByRole("searchbox", { name: "Search posts" }).fill(word);
  await page.waitForURL(/[?&]q=/);
  await page.getByRole("heading", { name: `Posts about “${word}”` }).waitFor();
  await rows(page).first().waitFor();
});

test("a search without a match says so and leads back", async (t) => {
  const page = await openDashboard(t, "/posts?q=zzqxyzzyqq");
  await page.getByText("No posts match").waitFor();
  await page.getByRole("button", { name: "Clear all filters" }).click();
  await rows(page).first().waitFor();
  assert.equal(new URL(page.url()).search, "");
});

test("a post opens with its probabilities and its way through the pipeline, by a link too", async (t) => {
  const page = await openDashboard(t, "/posts");
  await isLive(page);
  await page.keyboard.press("p");
  await rows(page).nth(1).getByRole("button").click();
  await page.waitForURL(/post=/);
  const dialog = page.getByRole("dialog", { name: "Post" });
  await dialog.getByText("Entered the stream").waitFor();
  const shares = await dialog.getByText(/^\d+\.\d%$/).allTextContents();
  assert.equal(shares.length, 3);
  assert(
    Math.abs(shares.reduce((sum, share) => sum + Number.parseFloat(share), 0) - 100) < 0.5,
    shares.join(),
  );
  await page.reload();
  await dialog.getByText("from the stream to the database").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert(!page.url().includes("post="));
});

test("reading down pauses and loads older posts; the way back shows the new ones", async (t) => {
  const page = await openDashboard(t, "/posts");
  await isLive(page);
  await eventually("a first page", async () => (await rows(page).count()) >= 50);
  await page.mouse.move(600, 500);
  await eventually("older posts", async () => {
    await page.mouse.wheel(0, 3000);
    return (await rows(page).count()) > 150;
  });
  await page.getByText("paused while you read").waitFor();
  const ids = await rows(page).evaluateAll((items) => items.length);
  await page.getByRole("button", { name: /^(Resume|[\d,.K]+ new)$/ }).click();
  await page.getByText(/^live, /).waitFor();
  await eventually("the short live list", async () => (await rows(page).count()) < ids);
});
