// Keeps the last answer of everything the screen loads, for a device that is switched on without a network.
"use strict";
var NAME = "screen-1";

self.addEventListener("install", function () {
  self.skipWaiting();
});

self.addEventListener("activate", function (event) {
  event.waitUntil(self.clients.claim());
});

function kept(request, cache) {
  return cache.match(request).then(function (found) {
    if (!found) {
      return Response.error();
    }
    var headers = new Headers(found.headers);
    headers.set("X-Kept", "1");
    return found.blob().then(function (body) {
      return new Response(body, { status: 200, headers: headers });
    });
  });
}

self.addEventListener("fetch", function (event) {
  var request = event.request;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) {
    return;
  }
  event.respondWith(caches.open(NAME).then(function (cache) {
    return fetch(request).then(function (answer) {
      if (answer.ok) {
        cache.put(request, answer.clone());
      } else if (answer.status === 404 || answer.status === 410) {
        cache.delete(request);
      }
      return answer.status >= 500 ? kept(request, cache).then(function (old) {
        return old.type === "error" ? answer : old;
      }) : answer;
    }, function () {
      return kept(request, cache);
    });
  }));
});
