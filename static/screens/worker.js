/* Keeps a screen's page, frames and photos, so that it starts without network. The network comes first. */
"use strict";
var KEPT = "screens-1", ANY = {ignoreVary: true};

self.addEventListener("install", function () { self.skipWaiting(); });
self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });

function fromNetwork(request) {
  return fetch(request).then(function (answer) {
    if (answer.status >= 500) throw new Error(String(answer.status));
    if (!answer.ok) return caches.open(KEPT).then(function (cache) {
      // What the server refuses or no longer has is gone here, too.
      return cache.delete(request.url, ANY);
    }).then(function () { return answer; });
    var copy = answer.clone();
    return caches.open(KEPT).then(function (cache) {
      return cache.match(request.url, ANY).then(function (known) {
        // Only what the page asked to keep, which it says after each change: nobody taken down comes back.
        if (known) return cache.put(request.url, copy);
      });
    }).then(function () { return answer; });
  });
}

/* What was kept says so: a screen shows persons of it for a limited time only. */
function saidToBeKept(known) {
  var headers = new Headers(known.headers);
  headers.set("X-Kept", "1");
  return new Response(known.body, {status: known.status, statusText: known.statusText, headers: headers});
}

self.addEventListener("fetch", function (event) {
  var request = event.request;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith(fromNetwork(request).catch(function () {
    return caches.open(KEPT).then(function (cache) { return cache.match(request.url, ANY); }).then(function (known) {
      return known ? saidToBeKept(known) : fetch(request);
    });
  }));
});

self.addEventListener("message", function (event) {
  var keep = event.data.keep.map(function (url) { return new URL(url, self.location.origin).href; });
  event.waitUntil(caches.open(KEPT).then(function (cache) {
    return cache.keys().then(function (known) {
      var urls = known.map(function (one) { return one.url; });
      var gone = known.filter(function (one) { return keep.indexOf(one.url) < 0; });
      var missing = keep.filter(function (url) { return urls.indexOf(url) < 0; });
      var dropped = gone.map(function (one) { return cache.delete(one); });
      var added = missing.map(function (url) { return cache.add(url).catch(function () {}); });
      return Promise.all(dropped.concat(added));
    });
  }));
});
