// Words for browsers that cannot start the app, in a language that even those understand; main.tsx looks at the mark.
(function () {
  var lacks = [];
  function need(name, there) {
    if (!there) lacks.push(name);
  }
  function patternsTellPlaces() {
    try {
      return !!new RegExp("a", "d"); // Chromium 90, Safari 15
    } catch (error) {
      return false;
    }
  }
  need("modules", "noModule" in document.createElement("script"));
  need("indexedDB", window.indexedDB);
  need("BroadcastChannel", "BroadcastChannel" in window);
  need("CompressionStream", "CompressionStream" in window); // Safari 16.4
  need("regexp-d", patternsTellPlaces());
  // An insecure address is explained by the app itself.
  if (window.isSecureContext !== false) {
    need("subtle", window.crypto && window.crypto.subtle);
    need("locks", "locks" in navigator);
  }
  if (!lacks.length) return;
  document.getElementById("app").setAttribute("data-unsupported", "");
  document.getElementById("unsupported").hidden = false;
  document.getElementById("lacks").textContent = lacks.join(" · ") + " · " + navigator.userAgent;
})();
