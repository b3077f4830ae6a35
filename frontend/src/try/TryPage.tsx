import { Page } from "../ui/Page";

export default function TryPage() {
  return <Page title="TryPage">…</Page>;
}
