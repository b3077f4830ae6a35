import { exec } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { api, connection, eventually, isLive, number, openDashboard, TARGET } from "./dashboard.mjs";
import { openGate } from "./gate.mjs";

const RESTART = process.env.SENTISTREAM_API_RESTART;

async function holdsTheCount(page) {
  const { counts } = await api("/api/stats");
  await eventually("the count of now", async () => {
    const text = await page.getByText(/ in all$/).textContent();
    return number(text.split("·")[1]) >= counts.total;
  });
}

test("an interrupted connection is told, heals by itself, and misses nothing", async (t) => {
  const gate = await openGate(TARGET);
  t.after(gate.close);
  const page = await openDashboard(t, "/overview", { base: gate.url });
  await isLive(page);
  gate.shut();
  await connection(page).filter({ hasText: "Reconnecting" }).waitFor();
  await connection(page)
    .filter({ hasText: /last event \d+ s ago/ })
    .waitFor({ timeout: 20_000 });
  gate.reopen();
  await isLive(page, 40_000);
  await holdsTheCount(page);
});

test("a restart of the API is survived without a reload", {
  skip: RESTART ? false : "SENTISTREAM_API_RESTART is not set",
}, async (t) => {
  const page = await openDashboard(t);
  await isLive(page);
  const left = connection(page).filter({ hasText: "Reconnecting" }).waitFor();
  await promisify(exec)(RESTART);
  await left;
  await isLive(page, 40_000);
  await holdsTheCount(page);
});
