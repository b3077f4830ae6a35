// A separate file: the Content-Security-Policy allows no inline script.
SwaggerUIBundle({
  dom_id: "#api",
  url: new URL("../openapi.json", document.baseURI).href, // also behind a proxy that adds a prefix
  deepLinking: true,
  filter: true,
  validatorUrl: null, // no badge: it would send this address to another server
});
