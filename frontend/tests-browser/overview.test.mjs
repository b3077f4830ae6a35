import assert from "node:assert/strict";
import { test } from "node:test";
import { api, eventually, isLive, number, openDashboard, settledBox } from "./dashboard.mjs";

const allTime = async (page) => number((await page.getByText(/ in all$/).textContent()).split("·")[1]);

test("the first load shows distribution, trend and the newest posts", async (t) => {
  const page = await openDashboard(t, "/");
  await isLive(page);
  assert.equal(new URL(page.url()).pathname, "/overview");
  await eventually("the title", async () => (await page.title()) === "Overview · SentiStream");
  await page.locator("[data-slice]").nth(2).waitFor();
  await page.locator(".recharts-line-curve").nth(2).waitFor();
  const row = page.getByTestId("newest-posts").locator("li").first();
  assert.match(await row.textContent(), /(Positive|Neutral|Negative)\d+%/);
});

test("counts and posts renew without a page load and agree with the API", async (t) => {
  const page = await openDashboard(t);
  await isLive(page);
  let loads = 0;
  page.on("framenavigated", () => (loads += 1));
  const before = await allTime(page);
  const newest = await page.getByTestId("newest-posts").locator("li").first().textContent();
  await eventually("more posts", async () => (await allTime(page)) > before);
  await eventually(
    "another newest post",
    async () => (await page.getByTestId("newest-posts").locator("li").first().textContent()) !== newest,
  );
  const lower = (await api("/api/stats")).counts.total;
  await eventually("the API's count", async () => (await allTime(page)) >= lower);
  // What the API answers may be a second old; what the page was told is not.
  const shown = await allTime(page);
  await eventually(
    "the page's count in the API",
    async () => (await api("/api/stats")).counts.total >= shown,
  );
  assert.equal(loads, 0);
});

test("the time range is in the address and survives a reload", async (t) => {
  const page = await openDashboard(t);
  await page.getByRole("radiogroup", { name: "Time range" }).getByText("24 h").click();
  await page.waitForURL(/range=24h/);
  await page.getByText("last 24 hours").first().waitFor();
  await page.locator(".recharts-line-curve").first().waitFor();
  await page.reload();
  await page.getByText("posts per second, in steps of 5 min").waitFor();
});

test("history continues live, no post missing or counted twice: the hour holds what the API counts", async (t) => {
  const page = await openDashboard(t, "/overview?range=1h");
  await isLive(page);
  const figure = page
    .locator("dl > div")
    .filter({ has: page.getByText("Posts", { exact: true }) })
    .locator("[title]");
  await eventually("the hour's count within the two counts around it", async () => {
    const before = (await api("/api/stats?window=1h")).counts.total;
    await page.waitForTimeout(1500);
    const shown = number((await figure.getAttribute("title")) ?? "");
    await page.waitForTimeout(1500);
    const after = (await api("/api/stats?window=1h")).counts.total;
    return shown >= before * 0.99 && shown <= after * 1.01;
  });
});

test("pausing holds the page and counts what comes; resuming shows it", async (t) => {
  const page = await openDashboard(t);
  await isLive(page);
  await page.keyboard.press("p");
  const held = await allTime(page);
  await page.getByRole("button", { name: /^[1-9][\d,.K]* new: resume/ }).waitFor();
  assert.equal(await allTime(page), held);
  await page.keyboard.press("p");
  await eventually("the newest counts", async () => (await allTime(page)) > held);
});

test("a slice, a legend entry, a point and a table's number lead to their posts", async (t) => {
  const page = await openDashboard(t);
  await isLive(page);
  const ring = await settledBox(page.getByTestId("distribution"));
  // A little right of the top, in the ring: the first slice. A slow click, so that posts come meanwhile.
  await page.mouse.click(ring.x + ring.width / 2 + 8, ring.y + 15, { delay: 1500 });
  await page.waitForURL(/\/posts\?label=positive/);
  await page.goBack();
  await page.getByRole("region", { name: "Trend" }).getByRole("link", { name: "Negative" }).click();
  await page.waitForURL(/\/posts\?label=negative/);
  await page.goBack();
  await eventually("the posts of a point", async () => {
    // The points move with the first posts of a new step, even between their place and the click.
    const chart = await settledBox(page.locator(".recharts-line-curve").first());
    await page.mouse.move(chart.x + chart.width * 0.8, chart.y + chart.height / 2);
    // The last is on top, should two be at one place.
    const point = await settledBox(page.locator("[data-point=negative]"));
    await page.mouse.click(point.x + point.width / 2, point.y + point.height / 2, { delay: 1500 });
    const url = /\/posts\?label=negative&from=.+&to=.+/;
    return page.waitForURL(url, { timeout: 3000 }).then(
      () => true,
      () => false,
    );
  });
  await page.goBack();
  // Rows that move on while the mouse is down are not what this is about.
  await page.keyboard.press("p");
  await page.getByRole("button", { name: "Show the trend as a table" }).click();
  await page.getByRole("region", { name: "Trend in numbers" }).getByRole("link").first().click();
  await page.waitForURL(/\/posts\?label=positive&from=.+&to=.+/);
});
