/** Made-up posts for developing the dashboard without a pipeline. */

const LABELS = ["positive", "neutral", "negative"];
const SOURCES = ["simulator", "bluesky", "mastodon", "api"];
const AUTHORS = ["@maja", "@northbound", "@lee_k", "@quietcoffee", "@dtx", null];
const SUBJECTS = [
  "the new tram line",
  "this phone update",
  "tonight's match",
  "the bakery on 5th",
  "my rail refund",
];
const OPENERS = {
  positive: ["Honestly loving", "So happy with", "Big thanks to everyone behind", "Can't stop smiling about"],
  neutral: [
    "Just saw a notice about",
    "Does anyone know the hours for",
    "Reading up on",
    "There is a change to",
  ],
  negative: [
    "Really disappointed by",
    "Third time this week that I give up on",
    "No words for how bad",
    "Still waiting on",
  ],
};
const CLOSERS = [
  "",
  " 🎉",
  " #citylife",
  " … more later",
  " (and I checked twice, so that nobody tells me I am wrong again)",
];

let state = 42;
const random = () => {
  state = (state * 1664525 + 1013904223) % 4294967296;
  return state / 4294967296;
};
const pick = (list) => list[Math.floor(random() * list.length)];
const hex = (digits) => Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join("");

export function fakePost(at = Date.now(), given = {}) {
  const mood = 0.5 + 0.2 * Math.sin(at / 90_000);
  let drawn = random();
  const words = given.content ?? "";
  if (/happy|lov|wonderful/i.test(words)) drawn = 0;
  else if (/disappoint|late|never/i.test(words)) drawn = 1;
  const label = drawn < mood * 0.8 ? "positive" : drawn < mood * 0.8 + 0.3 ? "neutral" : "negative";
  const score = 0.5 + random() * 0.49;
  const others = LABELS.filter((other) => other !== label);
  const split = random();
  return {
    id: `${hex(8)}-${hex(4)}-7${hex(3)}-a${hex(3)}-${hex(12)}`,
    content: `${pick(OPENERS[label])} ${pick(SUBJECTS)}${pick(CLOSERS)}`,
    source: pick(SOURCES),
    author: pick(AUTHORS),
    sentiment_label: label,
    sentiment_score: score,
    scores: { [label]: score, [others[0]]: (1 - score) * split, [others[1]]: (1 - score) * (1 - split) },
    model: "distilbert-int8-1",
    posted_at: new Date(at - 1200 - random() * 4000).toISOString(),
    timestamp: new Date(at).toISOString(),
    stream_id: `${at - 80}-0`,
    read_at: new Date(at - 60).toISOString(),
    classified_at: new Date(at - 20).toISOString(),
    ...given,
  };
}
