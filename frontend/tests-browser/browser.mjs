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

/** Debian's Chromium (or SENTISTREAM_CHROMIUM) with a fresh profile that goes with `close`. */
export async function openBrowser(context = {}) {
  const browser = await chromium.launch({
    executablePath: process.env.SENTISTREAM_CHROMIUM ?? "/usr/bin/chromium",
    args: ARGS,
  });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, ...context });
  return { browser, page, close: () => browser.close() };
}
