import { describe, expect, it } from "vitest";
import { LABELS } from "../../api/types";
import { renderPage, stubApi } from "../../testing/render";
import { DistributionRing } from "./DistributionRing";

const RECENT = { kind: "recent", id: "15m" } as const;

function ring(positive: number, neutral: number, negative: number, range = RECENT) {
  stubApi({});
  const totals = { positive, neutral, negative, total: positive + neutral + negative };
  const { container } = renderPage(<DistributionRing totals={totals} range={range} />);
  return LABELS.map((label) => container.querySelector(`[data-slice=${label}]`) as SVGPathElement);
}

/** Where a slice begins and ends: "M x y A rx ry rotation large sweep x y". */
function ends(slice: SVGPathElement) {
  const [x1, y1, , , , large, , x2, y2] =
    (slice.getAttribute("d") ?? "").match(/-?[\d.]+/g)?.map(Number) ?? [];
  return { from: [x1, y1], to: [x2, y2], large };
}

describe("DistributionRing", () => {
  it("goes clockwise from the top, each slice as long as its share", () => {
    const [positive, neutral, negative] = ring(50, 25, 25).map(ends);
    // In pixels from the middle, y downwards; 1.5 px of each end are the gap.
    expect(positive).toMatchObject({ from: [1.5, -70.98], to: [1.5, 70.98] });
    expect(neutral).toMatchObject({ from: [-1.5, 70.98], to: [-70.98, 1.5] });
    expect(negative).toMatchObject({ from: [-70.98, -1.5], to: [-1.5, -70.98] });
  });

  it("is closed where all posts have one label, and has nothing of the others", () => {
    const [positive, neutral] = ring(7, 0, 0).map(ends);
    expect(positive?.large).toBe(1);
    expect(positive?.from).not.toEqual(positive?.to);
    expect(neutral?.from).toEqual(neutral?.to);
  });

  it("leads from a slice to its posts", () => {
    const links = ring(1, 1, 1).map((slice) => slice.closest("a")?.getAttribute("href"));
    expect(links).toEqual(LABELS.map((label) => `/posts?label=${label}`));
  });
});
