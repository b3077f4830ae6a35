/** What may import what; `npm run check` refuses the rest. */

/** Folders of src/: each imports only those before it. */
const LAYERS = ["api", "ui", "session", "live", "shared", "features", "app"];
const TESTS = "\\.test\\.tsx?$|^src/testing/";

const upwards = LAYERS.slice(0, -1).map((layer, at) => ({
  name: `${layer}-imports-no-layer-above`,
  severity: "error",
  from: { path: `^src/${layer}/`, pathNot: TESTS },
  to: { path: `^src/(${LAYERS.slice(at + 1).join("|")})/` },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...upwards,
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "features-import-no-feature",
      comment: "What several features need stands in shared/ or ui/.",
      severity: "error",
      from: { path: "^src/features/([^/]+)/" },
      to: { path: "^src/features/", pathNot: "^src/features/$1/" },
    },
    {
      name: "nothing-unused",
      comment: "Whatever main.tsx does not lead to is dead.",
      severity: "error",
      from: { path: "^src/main\\.tsx$" },
      to: { path: "^src/", pathNot: TESTS, reachable: false },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true, // types, too
    tsConfig: { fileName: "tsconfig.json" },
  },
};
