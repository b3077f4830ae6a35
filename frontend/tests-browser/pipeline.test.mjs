import assert from "node:assert/strict";
import { test } from "node:test";
import { BROKER, xadd } from "./broker.mjs";
import { api, eventually, number, openDashboard } from "./dashboard.mjs";

const skip = BROKER ? false : "SENTISTREAM_REDIS_URL is not set, so no dead letter can be made";

/** An entry that no worker can process; answers the id under which it lies among the dead letters. */
async function makeDeadLetter() {
  const entry = await xadd("social_posts_stream", { source: "file", created_at: new Date().toISOString() });
  const found = await eventually(
    "the dead letter",
    async () =>
      (await api("/api/dead-letters?limit=50")).dead_letters.find((letter) => letter.original_id === entry),
    60_000,
  );
  return found.dead_letter_id;
}

const row = (page, id) =>
  page
    .getByTestId("dead-letters")
    .locator("tr")
    .filter({ has: page.getByLabel(`Select ${id}`) });

test("the pipeline page says whether it keeps up, with its workers", async (t) => {
  const page = await openDashboard(t, "/pipeline");
  await page.getByRole("region", { name: "Health" }).waitFor();
  await page.getByText("Incoming").first().waitFor();
  const { workers } = await api("/api/pipeline");
  assert(workers.length > 0);
  const worker = page.getByRole("row").filter({
    has: page.getByRole("rowheader", { name: workers[0].name, exact: true }),
  });
  await eventually("its rate", async () => number(await worker.getByRole("cell").nth(1).textContent()) > 0);
});

test("a dead letter is replayed after a question, and leaves the list", { skip }, async (t) => {
  const id = await makeDeadLetter();
  const page = await openDashboard(t, "/pipeline");
  await row(page, id).getByRole("button", { name: "Replay" }).click();
  const dialog = page.getByRole("dialog", { name: "Replay this dead letter?" });
  await dialog.getByRole("button", { name: "Replay" }).click();
  await page.getByText("1 sent through the pipeline again").waitFor();
  await row(page, id).waitFor({ state: "detached" });
});

test("dead letters are deleted in bulk", { skip }, async (t) => {
  const ids = [await makeDeadLetter(), await makeDeadLetter()];
  const page = await openDashboard(t, "/pipeline");
  for (const id of ids) await page.getByLabel(`Select ${id}`).check();
  await page.getByRole("button", { name: "Delete 2" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete 2 dead letters?" });
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Delete 2" }).click();
  await dialog.getByRole("button", { name: "Delete" }).click();
  for (const id of ids) await row(page, id).waitFor({ state: "detached" });
  const left = (await api("/api/dead-letters?limit=50")).dead_letters.map((letter) => letter.dead_letter_id);
  assert(!ids.some((id) => left.includes(id)));
});
