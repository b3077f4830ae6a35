#!/usr/bin/env node
/**
 * Measures the dashboard in Chromium while posts stream in: whether its memory stays flat and its
 * main thread responsive. Needs `npm ci` in frontend/, and Chromium.
 */
import { readFile, writeFile } from "node:fs/promises";
import { arch, cpus, loadavg, release, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { openBrowser } from "../../frontend/tests-browser/browser.mjs";

const GROWTH = 0.1;
const GROWTH_MB = 2;
const BLOCKED = 0.05;
const LONG_TASK_MS = 50;
const MB = 1e6;

const HELP = `Usage: node scripts/bench/dashboard.mjs --url URL [options]

Opens the dashboard and, every few seconds after a garbage collection, reads the heap, the number of
DOM nodes and the renderer's memory; counts the main thread's long tasks (over ${LONG_TASK_MS} ms) all along.

  --url URL        a running SentiStream, such as http://127.0.0.1:8000 of \`make run RATE=1000\`
  --minutes N      how long (default 10)
  --quick          one minute, to see that the bench works; says little of memory
  --path PATH      page to keep open (default /overview)
  --json FILE      write the result there, too
  --help           this text

Exit status 1 if the heap grows by more than ${GROWTH * 100} % and ${GROWTH_MB} MB between the second and the last quarter, or if long
tasks take more than ${BLOCKED * 100} % of the time.
`;
const { values: options } = parseArgs({
  options: {
    url: { type: "string" },
    minutes: { type: "string", default: "10" },
    quick: { type: "boolean", default: false },
    path: { type: "string", default: "/overview" },
    json: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (options.help) {
  console.log(HELP);
  process.exit(0);
}
const minutes = options.quick ? 1 : Number(options.minutes);
if (!(minutes > 0) || !options.url) {
  console.error(HELP);
  process.exit(2);
}

const result = await measure(options.url, minutes);
console.log(JSON.stringify(result, null, 2));
if (options.json) await writeFile(options.json, `${JSON.stringify(result, null, 2)}\n`);
process.exitCode = result.passed ? 0 : 1;

async function measure(url, minutes) {
  const { browser, page, close } = await openBrowser({ viewport: { width: 1920, height: 1080 } });
  try {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Performance.enable");
    await page.addInitScript(() => {
      globalThis.longTasks = [];
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) globalThis.longTasks.push(duration);
      }).observe({ type: "longtask", buffered: true });
      const NativeSocket = globalThis.WebSocket;
      globalThis.arrived = 0;
      globalThis.WebSocket = class extends NativeSocket {
        constructor(...parts) {
          super(...parts);
          this.addEventListener("message", ({ data }) => {
            globalThis.arrived += Number(/"new_posts":(\d+)/.exec(data)?.[1] ?? 0);
          });
        }
      };
    });
    await page.goto(url + options.path);
    await page.getByTestId("connection").filter({ hasText: "Live" }).waitFor({ timeout: 30_000 });
    // What loading costs is another question.
    await page.waitForTimeout(5_000);
    const processor = await renderer(browser);
    const before = await counters(devtools);
    await page.evaluate(() => {
      globalThis.longTasks = [];
      globalThis.arrived = 0;
    });

    const started = Date.now();
    const end = started + minutes * 60_000;
    const every = Math.max(2_000, (minutes * 60_000) / 60);
    const samples = [];
    while (Date.now() < end) {
      samples.push(await sample(devtools, processor, started));
      progress(samples.at(-1), minutes);
      await page.waitForTimeout(Math.min(every, Math.max(0, end - Date.now())));
    }
    samples.push(await sample(devtools, processor, started));
    process.stderr.write("\n");

    const seconds = (Date.now() - started) / 1000;
    const after = await counters(devtools);
    const tasks = await page.evaluate(() => globalThis.longTasks);
    const arrived = await page.evaluate(() => globalThis.arrived);
    return report({
      url,
      seconds,
      samples,
      tasks,
      arrived,
      browser,
      busy: after.TaskDuration - before.TaskDuration,
    });
  } finally {
    await close();
  }
}

async function sample(devtools, pid, started) {
  await devtools.send("HeapProfiler.collectGarbage");
  const { usedSize } = await devtools.send("Runtime.getHeapUsage");
  const { Nodes: nodes, JSEventListeners: listeners } = await counters(devtools);
  return {
    at: Math.round((Date.now() - started) / 1000),
    heap_mb: round(usedSize / MB),
    nodes,
    listeners,
    renderer_mb: await residentMegabytes(pid),
  };
}

async function counters(devtools) {
  const { metrics } = await devtools.send("Performance.getMetrics");
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

/** Process id of the page's renderer: the one that has worked most. */
async function renderer(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  return renderers.sort((a, b) => b.cpuTime - a.cpuTime)[0]?.id ?? null;
}

async function residentMegabytes(pid) {
  if (pid === null) return null;
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kilobytes = /VmRSS:\s+(\d+)/.exec(status)?.[1];
  return kilobytes ? Math.round(Number(kilobytes) / 1000) : null;
}

function report({ url, seconds, samples, tasks, arrived, browser, busy }) {
  const quarter = (number) =>
    samples.filter(({ at }) => Math.min(3, Math.floor((4 * at) / seconds)) === number);
  const heaps = (some) => some.map(({ heap_mb: heap }) => heap);
  const [early, late] = [median(heaps(quarter(1))), median(heaps(quarter(3)))];
  const blocked = tasks.reduce((sum, duration) => sum + duration, 0) / 1000 / seconds;
  const flat = late - early <= Math.max(GROWTH * early, GROWTH_MB);
  return {
    bench: "dashboard",
    machine: {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      // Above the number of cores something else competes, and tasks take longer than they would.
      load_average: round(loadavg()[1]),
      memory_gb: Math.round(totalmem() / 1e9),
      system: `${process.platform} ${release()} ${arch()}`,
    },
    browser: browser.version(),
    url,
    page: options.path,
    seconds: Math.round(seconds),
    posts_per_second: round(arrived / seconds),
    heap_mb: { second_quarter: early, last_quarter: late, largest: Math.max(...heaps(samples)) },
    nodes: { first: samples[0].nodes, last: samples.at(-1).nodes },
    listeners: { first: samples[0].listeners, last: samples.at(-1).listeners },
    renderer_mb: { first: samples[0].renderer_mb, last: samples.at(-1).renderer_mb },
    main_thread_busy: round(busy / seconds, 3),
    long_tasks: {
      over_ms: LONG_TASK_MS,
      count: tasks.length,
      longest_ms: Math.round(Math.max(0, ...tasks)),
      share_of_time: round(blocked, 4),
    },
    heap_flat: flat,
    responsive: blocked <= BLOCKED,
    passed: flat && blocked <= BLOCKED,
  };
}

function progress({ at, heap_mb: heap, nodes, renderer_mb: resident }, minutes) {
  const rest = Math.max(0, Math.round(minutes * 60 - at));
  process.stderr.write(
    `\r${at} s: heap ${heap} MB, ${nodes} nodes, renderer ${resident ?? "?"} MB; ${rest} s to go   `,
  );
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function round(number, digits = 1) {
  return Number(number.toFixed(digits));
}
