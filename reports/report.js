(function () {
  "use strict";
  function all(selector, root) { return [].slice.call((root || document).querySelectorAll(selector)); }
  function pressed(button) { return button.getAttribute("aria-pressed") === "true"; }
  function press(button, on) { button.setAttribute("aria-pressed", String(on)); }
  function plain(text) { return text.toLowerCase().replace(/\s+/g, ""); }

  var bar = document.querySelector(".filters");
  var reveal = function () {};
  if (bar) {
    var buttons = all("button[data-status]", bar);
    var query = bar.querySelector("input");
    var output = bar.querySelector("output");
    var groups = all(".group").map(function (group) {
      return { node: group, head: plain(group.querySelector("header").textContent), rows: all("tbody[data-status]", group).map(function (row) {
        return { node: row, text: plain(row.textContent) };
      }) };
    });
    var apply = function () {
      var on = {}, words = plain(query.value), shown = 0, count = 0;
      buttons.forEach(function (b) { on[b.dataset.status] = pressed(b); });
      groups.forEach(function (group) {
        var some = false;
        group.rows.forEach(function (row) {
          var keep = on[row.node.dataset.status] !== false && (!words || group.head.indexOf(words) >= 0 || row.text.indexOf(words) >= 0);
          row.node.hidden = !keep;
          some = some || keep;
          shown += keep ? 1 : 0;
          count += 1;
        });
        group.node.hidden = !some;
      });
      output.textContent = output.dataset.shown.replace("{shown}", shown).replace("{all}", count);
    };
    buttons.forEach(function (b) { b.addEventListener("click", function () { press(b, !pressed(b)); apply(); }); });
    query.addEventListener("input", apply);
    all("a[data-only]").forEach(function (a) {
      a.addEventListener("click", function () {
        query.value = "";
        buttons.forEach(function (b) { press(b, b.dataset.status === a.dataset.only); });
        apply();
      });
    });
    reveal = function () { // a deep link must never point at a hidden finding
      var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!target || !target.closest("[hidden]")) return;
      buttons.forEach(function (b) { press(b, true); });
      query.value = "";
      apply();
      target.hidden = false;
      target.scrollIntoView();
    };
    bar.hidden = false;
    apply();
  }

  var only = document.getElementById("only-marked");
  if (only) {
    only.hidden = false;
    only.addEventListener("click", function () {
      press(only, !pressed(only));
      all("tr[data-clean]").forEach(function (row) { row.hidden = pressed(only); });
    });
  }
  window.addEventListener("hashchange", reveal);
  reveal();
})();
