import { Page } from "../../ui/Page";
import { ApplausePanel } from "./ApplausePanel";

export default function ApplausePage() {
  return (
    <Page title="Applause">
      <ApplausePanel />
    </Page>
  );
}
