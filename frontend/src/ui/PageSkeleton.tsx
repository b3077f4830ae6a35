import { Skeleton, VisuallyHidden } from "@mantine/core";

export function PageSkeleton() {
  return (
    <div role="status">
      <VisuallyHidden>Loading…</VisuallyHidden>
      <Skeleton height={36} width={180} mb={16} />
      <Skeleton height={96} mb={16} />
      <Skeleton height={420} />
    </div>
  );
}
