/** The point closest to (x, y) that is no farther than `within`, all in pixels; null if there is none. */
export function nearest<P extends { x: number; y: number }>(
  points: readonly P[],
  x: number,
  y: number,
  within: number,
): P | null {
  let found: P | null = null;
  let least = within;
  for (const point of points) {
    const distance = Math.hypot(point.x - x, point.y - y);
    if (distance > least) continue;
    found = point;
    least = distance;
  }
  return found;
}
