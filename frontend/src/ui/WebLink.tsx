/** An address that a source gave: a link if it leads to the web, and else only text, as it might run a script. */
export function WebLink({ url }: { url: string }) {
  if (!isOfTheWeb(url)) return <span>{url}</span>;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {url}
    </a>
  );
}

function isOfTheWeb(url: string): boolean {
  return URL.canParse(url) && ["https:", "http:"].includes(new URL(url).protocol);
}
