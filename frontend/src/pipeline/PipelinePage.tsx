import { Page } from "../ui/Page";

export default function PipelinePage() {
  return <Page title="PipelinePage">…</Page>;
}
