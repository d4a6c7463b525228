(function () {
  "use strict";
  function all(selector, root) { return [].slice.call((root || document).querySelectorAll(selector)); }
  function pressed(button) { return button.getAttribute("aria-pressed") === "true"; }
  function plain(text) { return text.toLowerCase().replace(/\s+/g, ""); }

  var table = document.querySelector(".units");
  if (!table) return;
  var body = table.tBodies[0];
  var rows = all("tr", body).map(function (row) { return { node: row, text: plain(row.textContent) }; });
  var bar = document.querySelector(".filters");
  var buttons = all("button[data-status]", bar);
  var query = bar.querySelector("input");
  var output = bar.querySelector("output");

  function apply() {
    var on = {}, words = plain(query.value), shown = 0;
    buttons.forEach(function (b) { on[b.dataset.status] = pressed(b); });
    rows.forEach(function (row) {
      var keep = on[row.node.dataset.status] !== false && (!words || row.text.indexOf(words) >= 0);
      row.node.hidden = !keep;
      shown += keep ? 1 : 0;
    });
    output.textContent = output.dataset.shown.replace("{shown}", shown).replace("{all}", rows.length);
  }
  buttons.forEach(function (b) {
    b.addEventListener("click", function () { b.setAttribute("aria-pressed", String(!pressed(b))); apply(); });
  });
  query.addEventListener("input", apply);
  all("a[data-only]").forEach(function (a) {
    a.addEventListener("click", function () {
      query.value = "";
      buttons.forEach(function (b) { b.setAttribute("aria-pressed", String(b.dataset.status === a.dataset.only)); });
      apply();
    });
  });

  function value(row, column) {
    var text = row.cells[column].textContent.trim().replace("−", "-");
    return text === "—" ? null : isNaN(Number(text)) ? text : Number(text);
  }
  function sort(column, head) {
    var up = head.getAttribute("aria-sort") === "descending" || (!head.hasAttribute("aria-sort") && column < 3);
    var keyed = rows.map(function (row, n) { return { node: row.node, key: value(row.node, column), n: n }; });
    keyed.sort(function (a, b) {
      if (a.key === b.key) return a.n - b.n;
      if (a.key === null) return 1;
      if (b.key === null) return -1;
      var order = typeof a.key === "number" && typeof b.key === "number" ? a.key - b.key : String(a.key).localeCompare(String(b.key), "zh");
      return up ? order : -order;
    });
    all("th", table.tHead).forEach(function (th) { th.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    keyed.forEach(function (item) { body.appendChild(item.node); });
  }
  all("th", table.tHead).forEach(function (head, column) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.textContent = "";
    head.appendChild(button);
    button.addEventListener("click", function () { sort(column, head); });
  });

  window.addEventListener("hashchange", function () {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.hidden) return;
    buttons.forEach(function (b) { b.setAttribute("aria-pressed", "true"); });
    query.value = "";
    apply();
    target.scrollIntoView();
  });
  bar.hidden = false;
  apply();
})();
