// Starts the page where check.js left a place for it: in a browser that can keep the ballot secret.
const root = document.getElementById("ballot");
// Loaded lazily so that nothing in it runs where BigInt is missing.
if (root) import("./app.js").then(({ start }) => start(root));
