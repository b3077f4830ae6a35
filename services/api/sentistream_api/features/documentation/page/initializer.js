// A file of its own: the Content-Security-Policy admits no script inside a page.
SwaggerUIBundle({
  dom_id: "#api",
  url: new URL("../openapi.json", document.baseURI).href, // also behind a proxy that adds a prefix
  deepLinking: true,
  filter: true,
  validatorUrl: null, // no badge: it would send this address to a server elsewhere
});
