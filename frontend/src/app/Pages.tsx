import { Suspense } from "react";
import { Navigate, Route, Routes, useLocation } from "react-router";
import { useFeatures } from "../shared/feature";
import { ErrorBoundary } from "../ui/ErrorBoundary";
import { PageSkeleton } from "../ui/PageSkeleton";
import { NotFound } from "./NotFound";

/** The page of the feature in the address; without one, that of the first feature. */
export function Pages() {
  const { pathname } = useLocation();
  const features = useFeatures();
  const first = features.find(({ page }) => page);
  return (
    <ErrorBoundary resetKey={pathname}>
      <Suspense fallback={<PageSkeleton />}>
        <Routes>
          {first && <Route index element={<Navigate to={first.name} replace />} />}
          {features.map(
            ({ name, page }) => page && <Route key={name} path={name} element={<page.component />} />,
          )}
          <Route path="*" element={<NotFound />} />
        </Routes>
      </Suspense>
    </ErrorBoundary>
  );
}
