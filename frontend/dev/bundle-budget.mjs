/** Fails when what the first page loads (its script, what that imports, its styles) grows over the budget. */
import { readFileSync, rmSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 350;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

function collect(name, files) {
  const chunk = manifest[name];
  if (files.has(chunk.file)) return files;
  files.add(chunk.file);
  for (const css of chunk.css ?? []) files.add(css);
  for (const imported of chunk.imports ?? []) collect(imported, files);
  return files;
}

// Only this check needs it; it is not for serving.
rmSync(new URL(".vite/", dist), { recursive: true });

const kilobytes = (names) =>
  [...names].reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, dist))).length, 0) / 1000;

const initial = collect("index.html", new Set());
const overview = ["src/features/overview/OverviewPage.tsx", "src/features/overview/TrendChart.tsx"].reduce(
  (files, name) => collect(name, files),
  new Set(initial),
);

console.log(
  `initial bundle ${kilobytes(initial).toFixed(1)} kB gzipped; with the overview and its charts ${kilobytes(overview).toFixed(1)} kB; budget ${BUDGET_KB} kB`,
);
if (kilobytes(overview) > BUDGET_KB) process.exit(1);
