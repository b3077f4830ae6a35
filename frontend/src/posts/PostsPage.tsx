import { Page } from "../ui/Page";

export default function PostsPage() {
  return <Page title="PostsPage">…</Page>;
}
