import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Debian's Chromium (or SENTISTREAM_CHROMIUM) with a profile of its own, which `close` removes. */
export async function openBrowser({ args = [], ...context } = {}) {
  const profile = await mkdtemp(join(tmpdir(), "sentistream-chromium-"));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.SENTISTREAM_CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [...ARGS, ...args],
    viewport: { width: 1440, height: 900 },
    ...context,
  });
  return {
    browser,
    page: browser.pages()[0] ?? (await browser.newPage()),
    close: async () => {
      await browser.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
