/** An address from a source: a link if it is http or https, else plain text, since it might run a script. */
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
